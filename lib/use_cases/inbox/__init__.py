"""Actions of citizens in their inboxes: list messages, filter them, mark them, delete them."""
