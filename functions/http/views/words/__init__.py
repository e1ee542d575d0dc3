"""The words of messages in answers."""
