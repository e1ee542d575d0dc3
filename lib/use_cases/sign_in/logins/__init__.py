"""The steps of a login: its beginning, its end, and the session that it gives."""
