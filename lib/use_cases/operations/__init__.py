"""Actions of operators: see the queues, replay dead letters, find lost items."""
