"""Actions on delegations: offer, take, list and end them, and act by them."""
