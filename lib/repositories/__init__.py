"""Stored documents of each area, written once on the ports; field names live here alone."""
