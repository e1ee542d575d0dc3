"""Find the messages of a citizen by their words."""
