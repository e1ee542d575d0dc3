"""How requests name their callers, where a header alone does not tell."""
