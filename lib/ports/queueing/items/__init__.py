"""The items of the queues, by area."""
