"""The measures of batches: lists on their way into the inboxes."""
