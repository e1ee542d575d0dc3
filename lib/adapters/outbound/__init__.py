"""Clients of outside services: push, mail, payment node, key sets, senders' conditions."""
