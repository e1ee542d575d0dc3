"""Files that senders upload, to attach them to messages."""
