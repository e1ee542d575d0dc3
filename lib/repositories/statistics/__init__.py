"""Stored statistics: counts by service and day."""
