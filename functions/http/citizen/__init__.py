"""The API of the citizen's app, by area."""
