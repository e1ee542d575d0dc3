"""Documents of organisations, their applications and their delegations."""
