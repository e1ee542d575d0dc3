"""Actions on the list of sent messages: note messages, list them, follow their changes."""
