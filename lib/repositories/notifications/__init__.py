"""Stored notifications: claims on deliveries, and what daily limits have left."""
