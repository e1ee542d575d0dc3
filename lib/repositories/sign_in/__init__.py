"""Storage of citizens' sessions."""
