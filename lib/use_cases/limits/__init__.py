"""Actions of limits: count calls."""
