"""Settings of a service that IO does not have, each read and changed with a manage key."""
