"""Rules of identity: who a citizen's token names, how sure that is, and the citizen's age."""
