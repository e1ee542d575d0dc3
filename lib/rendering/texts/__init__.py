"""Texts for citizens in each language, and how amounts, days and times are written."""
