"""Actions of services: their subscriptions and keys."""
