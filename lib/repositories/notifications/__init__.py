"""Stored notifications: claims on deliveries, and citizens' daily limits."""
