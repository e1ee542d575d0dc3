"""The subscriptions feed: from a citizen's switch to the entries that services read."""
