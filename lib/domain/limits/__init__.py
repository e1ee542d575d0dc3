"""Rules of limits: how many calls a subscription may make, and how they are counted."""
