"""Queues: their names, the items in them, and when an item is tried again."""
