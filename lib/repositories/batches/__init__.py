"""Stored batches: their state, their rows in chunks, and the results by row."""
