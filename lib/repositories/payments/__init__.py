"""Stored payments: the state of each payment and the messages that carry it."""
