"""The citizen's request for a copy of all personal data."""
