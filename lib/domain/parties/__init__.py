"""Rules of parties: for whom a person may act beside themselves, and within which bounds."""
