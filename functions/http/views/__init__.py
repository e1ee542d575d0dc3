"""Answers of the endpoints: models made from what the use cases return."""
