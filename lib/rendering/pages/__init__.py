"""The HTML pages that the app itself shows: those that links in e-mails open."""
