"""The app behind its triggers, in layers from composition to domain."""

__version__ = "2026.11.0"
