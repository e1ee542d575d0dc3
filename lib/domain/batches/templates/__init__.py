"""Templates: messages with placeholders, their names, and the values that rows give them."""
