"""Helpers of several repositories: the cache, and the retry of conditional writes."""
