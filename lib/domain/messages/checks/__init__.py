"""Facts about checks of messages: held messages, and the estimated cost."""
