"""E-mails as citizens get them: what they say, how they look, and the links in them."""
