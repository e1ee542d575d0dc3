"""Actions of identity: authenticate senders and citizens."""
