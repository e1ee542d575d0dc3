"""The access log of a citizen: who read or wrote what, and when."""
