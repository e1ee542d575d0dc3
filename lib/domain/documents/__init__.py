"""Types of documents: what a printed notice, a receipt and a calendar entry say."""
