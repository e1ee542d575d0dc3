"""Files of messages, and the personal archive."""
