"""The personal archives of citizens."""
