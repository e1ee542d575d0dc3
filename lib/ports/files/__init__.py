"""Ports to services that look into files."""
