"""Certificates that citizens may ask services for, and their requests."""
