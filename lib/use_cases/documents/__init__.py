"""Actions on documents: read what is printed or put into a calendar."""
