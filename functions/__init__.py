"""The triggers of the app: each one parses its input, calls a use case and answers."""
