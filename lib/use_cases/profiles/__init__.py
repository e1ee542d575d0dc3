"""Actions on profiles: read and change settings, validate and unsubscribe e-mail."""
