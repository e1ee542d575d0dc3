"""The parts of the guard of calls to senders' hosts: addresses, and the reading of bodies."""
