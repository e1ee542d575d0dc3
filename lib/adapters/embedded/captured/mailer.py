"""A mailer for the sandbox, which writes e-mails to the file of the pushes."""

from base64 import b64encode
from dataclasses import asdict
from pathlib import Path

from lib.adapters.embedded.captured.file import CapturedFile
from lib.domain.profiles.email_address import parse_address
from lib.ports.clock import Clock
from lib.ports.mailer import LOGO_ID, Mail
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
        members = asdict(mail)
        logo = b64encode(members.pop("logo")).decode()
        # a browser shows what is captured, and knows no parts of an e-mail
        members["html"] = mail.html.replace(f"cid:{LOGO_ID}", f"data:image/png;base64,{logo}")
        self._file.keep("EMAIL", members)
