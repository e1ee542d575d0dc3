"""Protocols for everything that use cases need from outside; adapters implement them."""
