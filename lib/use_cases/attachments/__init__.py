"""Take senders' files, check them, and attach them to messages."""
