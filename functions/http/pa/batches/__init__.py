"""The API of senders about batches, and about the templates of their messages."""
