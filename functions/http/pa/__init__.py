"""The API of senders, by area."""
