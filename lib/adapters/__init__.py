"""Implementations of the ports: embedded, in Azure, and of services outside."""
