"""Actions on messages that are sent at a set time."""
