"""Decisions of operators about services, beside their reviews."""
