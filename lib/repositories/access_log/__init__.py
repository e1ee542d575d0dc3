"""Store the access logs of citizens."""
