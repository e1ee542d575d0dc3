"""Types of query parameters that endpoints of several audiences share."""
