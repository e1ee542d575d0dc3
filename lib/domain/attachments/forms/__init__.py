"""The forms of files that are accepted: each is recognised by its content, not by its name."""
