"""Rules of services: the rights of a service and of its keys."""
