"""Helpers that several areas' actions use."""
