"""The list of recipients: uploaded, and checked row by row."""
