"""Port to e-mail."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import NO_MESSAGE_ID, MessageId

LOGO_ID: Final = "logo@recapito"
"""The Content-ID of the logo: the HTML names it as `cid:logo@recapito`."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one address; `repr` leaves out the texts for the citizen.

    `id`: the same on every attempt, and not a secret. `message_id`: the message that the e-mail is
    about; "" without a message. `delegation_id`: that by which the reader opens the message, if it
    is in another inbox. `unsubscribe`: a URL that a mail program may POST to. `logo`: the PNG that
    the HTML shows, inside the e-mail so that no program fetches it; empty without one.
    """

    id: str
    to: str = field(repr=False)
    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: MessageId = NO_MESSAGE_ID
    unsubscribe: str = field(default="", repr=False)
    delegation_id: DelegationId | None = None
    logo: bytes = field(default=b"", repr=False)


class Mailer(Protocol):
    """Sends e-mails. After any other error the e-mail may or may not have been sent."""

    async def send(self, mail: Mail) -> None:
        """Send an e-mail.

        Raises: NotSentError, RefusedError; UnavailableError if the e-mail may have been sent.
        """
        ...
