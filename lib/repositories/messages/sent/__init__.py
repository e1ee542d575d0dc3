"""Store the list of the messages that each service sent."""
