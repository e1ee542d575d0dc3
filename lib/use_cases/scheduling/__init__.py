"""Actions of the schedule: queue the items that are due, whatever they are for."""
