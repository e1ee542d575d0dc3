"""Actions on payment notices: submit, amend, cancel, reopen, send instalments."""
