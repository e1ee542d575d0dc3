"""Port to a service that translates texts by machine, and sends each result to an address."""

from typing import Final, Protocol

from lib.domain.profiles.choices import Language

MOST_TEXT: Final = 5_000
"""The most characters of a text."""


class Translator(Protocol):
    """A service that translates.

    It answers later, with a form that it posts to an address: `translated-text`, or `error-code`.
    Raises: UnavailableError.
    """

    @property
    def engine(self) -> str:
        """The name of the service, as readers of a translation see it."""
        ...

    async def ask(self, text: str, source: Language, target: Language, answer_to: str) -> None:
        """Ask for a translation. `answer_to`: the address for the result.

        Only the text is sent, and nothing that names its reader or its sender.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
