"""The exit codes of the command line, and its own error."""

DONE = 0
REFUSED = 1
"""The API refused, or rows are wrong or failed."""
USAGE = 2
"""The command, a file or the configuration is wrong; nothing was asked of the API."""
CONNECTION = 3
"""The API did not answer, or is away; the same command goes on."""
INTERRUPTED = 130


class UsageError(Exception):
    """The command, a file or the configuration is wrong. `text`: the key of its words."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values
