"""Actions on statistics: note events, count them, read the counts."""
