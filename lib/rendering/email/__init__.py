"""E-mails to citizens: their content, their layout, and their links."""
