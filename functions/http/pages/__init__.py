"""The pages that links in e-mails open."""
