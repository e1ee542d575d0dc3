"""Messages of the inbox in answers to the app."""
