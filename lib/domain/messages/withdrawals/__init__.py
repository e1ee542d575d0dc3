"""Withdrawals of messages: the request, and the owner who may make it."""
