"""Calls about files that come with messages."""

import hashlib
import io
import os
import time
from pathlib import Path
from urllib.parse import quote

from recapito.decoding import decode
from recapito.models.attachments import Attachment
from recapito.transport import Transport

_PATH = "/api/v1/attachments"
_PART_BYTES = 4 * 1024 * 1024
_FIRST_LOOK, _LONGEST_LOOK = 0.2, 3.0
_OCTETS = "application/octet-stream"


class Attachments:
    """Upload files, and wait until they are checked: name a READY file in one message."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(
        self,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        idempotency_key: str | None = None,
        timeout: float = 600,
    ) -> Attachment:
        """Upload a file of up to 50 MiB and return it once it is checked: READY or REFUSED.

        The file is read twice, and 4 MiB of it are in memory. `name`: as the citizen sees it, by
        default that of the file; its ending says what the file is (pdf, png, p7m, asice, asics).
        `idempotency_key`: the same key and file go on where an interrupted upload ended. Raise
        TimeoutError.
        """
        file = Path(path)
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256")
            body = {
                "name": name or file.name,
                "size": content.tell(),
                "sha256": digest.hexdigest(),
            }
            created = self._transport.call("POST", _PATH, body, keyed=idempotency_key or True)
            attachment = decode(Attachment, created)
            if attachment.status == "UPLOADING":
                content.seek(0)
                for number in range(1, attachment.parts + 1):
                    part = io.BytesIO(content.read(_PART_BYTES))
                    self._transport.upload(_of(attachment.id, f"parts/{number}"), part, _OCTETS)
                self._transport.call("POST", _of(attachment.id, "completion"), repeats=True)
        return self.wait_checked(attachment.id, timeout)

    def wait_checked(self, id: str, timeout: float = 600) -> Attachment:  # noqa: A002
        """Return a file once its check has ended. Raise TimeoutError."""
        end, look = time.monotonic() + timeout, _FIRST_LOOK
        while (attachment := self.read(id)).status == "CHECKING":
            if time.monotonic() + look > end:
                raise TimeoutError("the check of the file has not ended")
            time.sleep(look)
            look = min(2 * look, _LONGEST_LOOK)
        return attachment

    def read(self, id: str) -> Attachment:  # noqa: A002 (the API's name)
        """Read the status of a file."""
        return decode(Attachment, self._transport.call("GET", _of(id)))

    def discard(self, id: str) -> None:  # noqa: A002
        """Remove a file that no message has; a second call changes nothing."""
        self._transport.call("DELETE", _of(id))


def _of(id_: str, rest: str = "") -> str:
    return f"{_PATH}/{quote(id_)}/{rest}".rstrip("/")
