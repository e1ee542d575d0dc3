"""Rules of a citizen's request for all personal data that is stored."""
