"""Composition by area: each module wires the use cases of one area."""
