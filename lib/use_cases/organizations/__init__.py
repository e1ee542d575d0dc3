"""Actions of organisations: apply, confirm, approve, delegate."""
