"""Answers of the endpoints: models that are built from the results of use cases."""
