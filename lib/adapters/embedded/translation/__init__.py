"""A stand-in for the service that translates."""
