"""The forms of a file of recipients: CSV, JSON lines and one JSON document."""
