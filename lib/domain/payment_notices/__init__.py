"""Rules of payment notices: what a sender may ask for, instalments, where a sum stands."""
