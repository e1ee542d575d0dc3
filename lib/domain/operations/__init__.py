"""Types of operations: what operators see of queues, and the errors of their requests."""
