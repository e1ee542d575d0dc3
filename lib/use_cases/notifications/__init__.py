"""Actions on notifications: request, limit, send, gather in a digest."""
