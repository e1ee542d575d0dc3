"""The limits of the Azure services, checked before each call on every engine."""
