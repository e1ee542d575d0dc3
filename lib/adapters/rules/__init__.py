"""The services' own limits, checked before any engine is asked: what passes here passes there."""
