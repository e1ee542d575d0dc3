"""Logins of citizens in apps and browsers: clients, sessions, and the tokens of sessions."""
