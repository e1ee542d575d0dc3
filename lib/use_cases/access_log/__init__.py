"""Actions on access logs: note an access, and list those of a citizen."""
