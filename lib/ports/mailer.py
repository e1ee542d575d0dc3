"""Port to e-mail."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one address; `repr` leaves out what the citizen reads.

    `id` is the same on every attempt, and is no secret. `message_id` names the message that the
    e-mail is about ("" = no message). `unsubscribe` is a URL that a mail program may POST to.
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
    """Sends e-mails. After any other error the e-mail may or may not have been sent."""

    async def send(self, mail: Mail) -> None:
        """Send an e-mail.

        Raises: NotSentError, RefusedError; UnavailableError when the e-mail may have been sent.
        """
        ...
