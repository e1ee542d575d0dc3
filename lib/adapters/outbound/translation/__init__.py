"""The service that translates by machine."""
