"""Documents and bytes of the files that senders upload."""
