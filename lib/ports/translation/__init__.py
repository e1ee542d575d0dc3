"""The port to a service that translates by machine."""
