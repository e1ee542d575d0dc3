"""Actions on logins, sessions and tokens."""
