"""Actions on documents: read the facts of notices, receipts and calendar entries."""
