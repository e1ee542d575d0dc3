"""The actions of each area. A module has one action, which uses repositories and ports."""
