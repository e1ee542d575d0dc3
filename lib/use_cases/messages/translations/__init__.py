"""Translations of messages by machine: ask for one, take its texts."""
