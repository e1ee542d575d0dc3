"""Stored payment notices: the notices and their messages."""
