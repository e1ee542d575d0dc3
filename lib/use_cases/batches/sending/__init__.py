"""The rows of a batch: sent in chunks, each once."""
