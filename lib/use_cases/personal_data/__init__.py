"""Give a citizen a copy of all stored personal data."""
