"""Actions by which a sender withdraws messages."""
