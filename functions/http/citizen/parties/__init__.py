"""The parties for whom a citizen acts, and the delegations that a citizen gives."""
