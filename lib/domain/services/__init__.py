"""Rules of services: what a service and its keys may do."""
