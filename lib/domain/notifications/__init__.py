"""Rules of notifications: the daily limit, and the outcome of a delivery."""
