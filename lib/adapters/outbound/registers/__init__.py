"""Registers that others keep, over HTTP: public bodies, digital domiciles."""
