"""Texts for citizens in each language, and the formats of amounts, days and times."""
