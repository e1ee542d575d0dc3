"""Pushes and mails that the sandbox writes to a file in place of sending them."""
