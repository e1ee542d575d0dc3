"""The expected time and cost of a batch."""
