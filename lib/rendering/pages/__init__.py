"""The HTML pages of the app, which links in e-mails open."""
