"""Actions on devices: register, remove, keep push registrations in step."""
