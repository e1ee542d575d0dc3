"""The API of organisations: how they join, and the intermediaries that send for them."""
