"""Messages that are sent at a set time: the rules of the time, and the entry in the list."""
