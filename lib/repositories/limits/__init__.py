"""Store what limits count."""
