"""The command line `recapito`."""
