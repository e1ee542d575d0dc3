"""Tell senders whether citizens can be reached."""
