"""The stored schedule: entries by slot, and how far each slot is done."""
