"""Read all that is stored about one citizen, and the citizen's requests for it."""
