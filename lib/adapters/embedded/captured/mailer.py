"""A mailer for the sandbox, which writes e-mails to the file of the pushes."""

from dataclasses import asdict
from pathlib import Path

from lib.adapters.embedded.captured.file import CapturedFile
from lib.domain.profiles.email_address import parse_address
from lib.ports.clock import Clock
from lib.ports.mailer import Mail
from lib.ports.send_errors import RefusedError


class CapturedMailer:
    """A mailer that writes e-mails to a file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._file = CapturedFile(path, clock)

    async def send(self, mail: Mail) -> None:
        """Write the e-mail to the file; raise NotSentError, RefusedError."""
        try:
            parse_address(mail.to)
        except ValueError:
            raise RefusedError("no mail can go to an address of this form") from None
        self._file.keep("EMAIL", asdict(mail))
