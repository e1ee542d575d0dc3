"""Rules of organisations: how one joins, its trial, and whom it lets send for it."""
