"""Batches: one content for many recipients, checked, sent in chunks and reported by row."""
