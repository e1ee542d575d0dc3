"""Implementations of the ports: on SQLite and files, on Azure, and by outside services."""
