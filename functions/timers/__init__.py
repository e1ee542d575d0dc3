"""Timer triggers, by area."""
