"""Registers for the sandbox: made-up answers about made-up persons and bodies."""
