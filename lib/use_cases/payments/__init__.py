"""Actions on payments: record events, find where a sum stands, ask the payment node."""
