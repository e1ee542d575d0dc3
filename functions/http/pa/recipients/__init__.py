"""Endpoints about the recipients of a service: their activations, and the subscriptions feed."""
