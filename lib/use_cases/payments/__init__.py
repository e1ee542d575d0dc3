"""Actions on payments: record events, find the status of a sum, ask the payment node."""
