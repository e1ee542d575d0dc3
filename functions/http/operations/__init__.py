"""The API of operators."""
