"""Repositories of remote content: the owners of configurations, and the configurations."""
