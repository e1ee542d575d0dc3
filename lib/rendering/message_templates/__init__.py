"""Templates of messages: read them, check them, and render them with the values of a row."""
