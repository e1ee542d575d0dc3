"""Stored services: senders, their keys and services."""
