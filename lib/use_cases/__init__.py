"""The actions of each area, one verb per module; they take ports and say what they do."""
