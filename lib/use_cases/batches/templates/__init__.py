"""Templates of a service: save, list, read, delete and preview them."""
