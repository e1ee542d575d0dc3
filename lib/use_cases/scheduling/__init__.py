"""Actions of the schedule: queue the items that are due."""
