"""The pages, in a browser. A package, so that its host and its browser end with its last test."""
