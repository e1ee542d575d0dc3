"""Actions on messages: submit, fan out, list, read, change status."""
