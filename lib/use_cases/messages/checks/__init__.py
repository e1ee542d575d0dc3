"""Check messages before they are sent, and set what is checked."""
