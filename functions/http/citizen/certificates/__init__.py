"""Certificates that a citizen may ask for."""
