"""The catalogue of services, for the citizen's app."""
