"""A mailer for the sandbox: e-mails are captured beside the pushes."""

from dataclasses import asdict
from pathlib import Path

from lib.adapters.embedded.captured_file import CapturedFile
from lib.ports.clock import Clock
from lib.ports.mailer import Mail


class CapturedMailer:
    """Keeps them in a file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._file = CapturedFile(path, clock)

    async def send(self, mail: Mail) -> None:
        """Return when the e-mail is in the file; raise NotSentError."""
        self._file.keep("EMAIL", asdict(mail))
