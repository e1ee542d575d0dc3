"""Settings, and how they choose adapters and wire the use cases."""
