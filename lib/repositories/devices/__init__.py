"""Stored devices: a citizen's installations, and the owner of each push channel."""
