"""Actions of operators: watch the queues, replay dead letters, find lost items."""
