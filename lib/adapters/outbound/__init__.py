"""Clients of services outside: push, mail, payment node, key sets, senders' own addresses."""
