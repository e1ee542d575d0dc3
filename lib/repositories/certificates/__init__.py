"""The certificates of services, and the requests of citizens for them."""
