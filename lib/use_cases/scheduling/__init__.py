"""Actions of the schedule: queue the items that are due. Nothing here knows what they are for."""
