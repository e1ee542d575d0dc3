"""Offer certificates, ask for them, and answer the requests."""
