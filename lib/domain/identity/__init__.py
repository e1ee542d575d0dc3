"""Rules of identity: the claims and the assurance of a citizen's token, and the citizen's age."""
