"""Stored messages: the message documents and the idempotency keys of senders."""
