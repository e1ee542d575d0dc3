"""Protocols for all services outside that use cases need; adapters implement them."""
