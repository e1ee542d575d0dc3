"""Actions on devices: register and remove devices, update the push service's list."""
