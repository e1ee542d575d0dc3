"""Helpers of several repositories: the repetition of a write that another one overtook."""
