"""Rules of notifications: how many a citizen gets in a day."""
