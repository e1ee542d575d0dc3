"""Requests that the app sends itself, each made after a request of the SDK (decision 0053)."""
