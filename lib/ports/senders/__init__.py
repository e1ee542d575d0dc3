"""Ports to the systems of senders, each at an address that the sender gave."""
