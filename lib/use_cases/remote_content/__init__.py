"""Use cases of remote content: manage configurations, and try the endpoint of a sender."""
