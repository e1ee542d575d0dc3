"""The error that ends the host with a clear line instead of a traceback."""


class HostError(Exception):
    """A fault that ends the host with exit code 1.

    The text is one line, printed as it is. It names the place, the fault and the remedy.
    """
