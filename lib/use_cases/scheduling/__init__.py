"""Actions of the schedule: queue what is due."""
