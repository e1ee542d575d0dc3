"""Rules of devices: a citizen's registered devices, and their number."""
