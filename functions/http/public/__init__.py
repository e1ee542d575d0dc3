"""Endpoints for everybody: the description of the API."""
