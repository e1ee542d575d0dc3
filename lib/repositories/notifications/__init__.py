"""Stored notifications: claims on them, and those that the citizens' daily limits held back."""
