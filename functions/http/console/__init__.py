"""The API of the console: pages of this app's own origin for senders and operators."""
