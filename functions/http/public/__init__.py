"""Endpoints for everybody: the state and the description of the API."""
