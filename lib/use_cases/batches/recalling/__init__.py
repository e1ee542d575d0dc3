"""The recall of a batch: all of its messages are withdrawn, in chunks."""
