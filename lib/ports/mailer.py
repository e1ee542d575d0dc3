"""Port to e-mail."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one address. `id` is the same on every attempt at this one, and no secret.

    `message_id` names the message it tells of, empty where it tells of none; `unsubscribe` is an
    address that a mail program may POST to. What the citizen reads is not printed.
    """

    id: str
    to: str = field(repr=False)
    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str = ""
    unsubscribe: str = field(default="", repr=False)


class Mailer(Protocol):
    """Sends e-mails. Whatever else it raises leaves open whether the e-mail went out."""

    async def send(self, mail: Mail) -> None:
        """Raise NotSentError, RefusedError, or UnavailableError when it may have been sent."""
        ...
