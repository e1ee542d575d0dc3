"""The API with which senders withdraw messages: one, many, or all that a selection has."""
