"""The one error that ends the host with a clear line instead of a traceback."""


class HostError(Exception):
    """What is wrong, where, and what would be right: one line, printed as it is; exit code 1."""
