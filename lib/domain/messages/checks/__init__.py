"""Checks of a submission: its warnings, what it costs, and messages that are held."""
