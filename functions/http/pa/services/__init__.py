"""The manage API: an organisation's own services, from the draft to the publication."""
