"""Erase all data of a citizen, in stages that can be repeated."""
