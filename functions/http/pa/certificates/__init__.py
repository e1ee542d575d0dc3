"""Certificates that a service offers, and the requests for them."""
