"""The requests and the answers of the API, as dataclasses."""
