"""The stored documents of each area, on the ports. Only these modules know the names of fields."""
