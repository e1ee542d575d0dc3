"""The endpoints by which apps and browsers log citizens in and out."""
