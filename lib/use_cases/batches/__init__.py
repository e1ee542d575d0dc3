"""Batches: made, checked, sent in chunks, and reported."""
