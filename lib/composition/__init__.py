"""The settings, the choice of the adapters, and the wiring of the use cases."""
