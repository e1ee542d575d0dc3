"""The facts in the documents of a message: payment notice, receipt and calendar entry."""
