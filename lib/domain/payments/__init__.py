"""Rules of payments: notice numbers, events of a payment and their order."""
