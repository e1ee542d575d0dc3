"""The names of the queues, their items, and the delays before another attempt."""
