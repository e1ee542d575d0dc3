"""The catalogue of services that citizens search."""
