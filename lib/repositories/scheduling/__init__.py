"""The stored schedule: queue items for a later moment, by slot, and the checkpoint."""
