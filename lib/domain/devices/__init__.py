"""Rules of devices: what a registration of a citizen's device holds."""
