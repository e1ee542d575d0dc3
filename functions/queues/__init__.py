"""Queue triggers, by area."""
