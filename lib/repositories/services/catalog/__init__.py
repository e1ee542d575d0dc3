"""Store the catalogue of services."""
