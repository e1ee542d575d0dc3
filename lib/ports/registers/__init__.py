"""Ports to registers that others keep: public bodies, digital domiciles."""
