"""Stored profiles: settings, choices for services, validated e-mail addresses."""
