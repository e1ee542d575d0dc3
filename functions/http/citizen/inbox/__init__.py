"""Endpoints of the inbox as a whole, beside those of IO."""
