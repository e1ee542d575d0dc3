"""Rules of payment notices: requests, instalments, amendments, and the status of a sum."""
