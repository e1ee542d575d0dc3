"""Calls about batches."""

import hashlib
import io
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from recapito.decoding import decode, encode
from recapito.errors import Refused
from recapito.models.batches import Batch, BatchStatus, RowProblem, Text
from recapito.transport import Transport

_PATH = "/api/v1/batches"
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".txt": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
}
_WHOLE_BYTES, _MOST_BYTES = 8_000_000, 50_000_000
_PART_BYTES = 4 * 1024 * 1024
_FIRST_LOOK, _LONGEST_LOOK = 0.2, 3.0
_WAIT = 20
"""The seconds for which a call waits for news."""
_MOVING = frozenset({BatchStatus.RUNNING, BatchStatus.CHECKING, BatchStatus.WITHDRAWING})


class Batches:
    """Make batches, upload their lists, send and follow them.

    Each call may be repeated: a batch is made once for its key, and a second request to send,
    pause, resume, cancel or withdraw changes nothing.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        name: str,
        *,
        text: Text | None = None,
        variants: Mapping[str, Text] | None = None,
        template: str | None = None,
        template_version: int | None = None,
        second_language: str | None = None,
        recipients: Iterable[Mapping[str, Any]] | None = None,
        lane: str | None = None,
        rows_per_minute: int | None = None,
        start_at: datetime | None = None,
        needs_approval: bool = False,
        idempotency_key: str | None = None,
        **more: Any,
    ) -> Batch:
        """Make a batch, of a text or of a stored template; nothing is sent yet.

        `variants`: the text in other languages, by their codes. `second_language`: the language in
        which your office writes beside Italian. `recipients`: up to 1,000 rows; upload a longer
        list. `more`: further members of the
        request, as the API's description names them.
        """
        content = None if text is None else {**encode(text), "variants": variants}
        body = {
            "name": name,
            "content": content,
            "template": template and {"name": template, "version": template_version},
            "second_language": second_language,
            "recipients": None if recipients is None else list(recipients),
            "lane": lane,
            "rows_per_minute": rows_per_minute,
            "start_at": start_at,
            "needs_approval": needs_approval or None,
            **more,
        }
        return decode(
            Batch, self._transport.call("POST", _PATH, encode(body), keyed=idempotency_key or True)
        )

    def list(self, *, page_size: int = 100) -> Iterator[Batch]:
        """Yield your batches, the newest first."""
        query: dict[str, Any] = {"limit": page_size}
        while True:
            page = self._transport.call("GET", _PATH, query=query)
            yield from (decode(Batch, one) for one in page["items"])
            if "next" not in page:
                return
            query["before"] = page["next"]

    def read(self, id: str) -> Batch:  # noqa: A002 (the API's name)
        """Read a batch: its check, its status and its progress."""
        return decode(Batch, self._transport.call("GET", _of(id)))

    def upload(
        self,
        id: str,  # noqa: A002
        path: str | os.PathLike[str],
        media_type: str | None = None,
    ) -> Batch:
        """Upload a list from a file, which is read as it is sent; the rows are checked next.

        A list of more than 8 MB goes in parts of 4 MiB, of which one is in memory. After a lost
        connection the part under way is repeated, and not the list. `media_type`: by default from
        the name of the file; `text/csv; charset=cp850` names an encoding. A new list replaces the
        one before, until the batch is sent.
        """
        file = Path(path)
        kind = media_type or _MEDIA_TYPES.get(file.suffix.lower(), "text/csv")
        with file.open("rb") as content:
            size = os.fstat(content.fileno()).st_size
            if size > _MOST_BYTES:
                raise Refused(413, "List too large", f"it may have {_MOST_BYTES} bytes at most")
            if size > _WHOLE_BYTES:
                return self._upload_parts(id, content, kind)
            return decode(Batch, self._transport.upload(_of(id, "recipients"), content, kind))

    def _upload_parts(self, id_: str, content: IO[bytes], kind: str) -> Batch:
        digest, number = hashlib.sha256(), 0
        while part := content.read(_PART_BYTES):
            number += 1
            digest.update(part)
            path = _of(id_, f"recipients/parts/{number}")
            self._transport.upload(path, io.BytesIO(part), "application/octet-stream")
        body = {"parts": number, "sha256": digest.hexdigest(), "content_type": kind}
        return self._step(id_, "recipients", body)

    def wait_checked(self, id: str, timeout: float = 600) -> Batch:  # noqa: A002
        """Return the batch once its rows are checked. Raise TimeoutError."""
        for batch in self.follow(id, timeout=timeout):
            if batch.status is not BatchStatus.CHECKING:
                return batch
        raise TimeoutError("the check of the list has not ended")

    def problems(self, id: str) -> tuple[RowProblem, ...]:  # noqa: A002
        """Read the first 100 problems of the list; `download_problems` has all."""
        found = self._transport.call("GET", _of(id, "problems"))
        return tuple(decode(RowProblem, one) for one in found["items"])

    def send(
        self,
        id: str,  # noqa: A002
        *,
        skip_wrong_rows: bool = False,
        accept_doubts: bool = False,
    ) -> Batch:
        """Send a checked batch: each good row once. Raise Conflict for wrong rows and doubts."""
        body = {"skip_wrong_rows": skip_wrong_rows, "accept_doubts": accept_doubts}
        return self._step(id, "send", body)

    def follow(
        self,
        id: str,  # noqa: A002
        *,
        timeout: float | None = None,
    ) -> Iterator[Batch]:
        """Yield the batch now and after each change, until it waits for a person or has ended.

        The API answers once something has changed, and at once where it is busy: calls come after
        0.2 to 3 seconds at the least. It ends at `timeout` seconds too, with the batch as it is.
        """
        begun, pause = time.monotonic(), _FIRST_LOOK
        left = float("inf") if timeout is None else timeout
        tag: str | None = None
        while True:
            asked = time.monotonic()
            found, tag = self._transport.news(_of(id), tag, int(min(_WAIT, max(0.0, left))))
            if found is not None:
                batch = decode(Batch, found)
                yield batch
                if batch.status not in _MOVING:
                    return
            now = time.monotonic()
            if timeout is not None:
                left = begun + timeout - now
                if left < 0:
                    return
            time.sleep(max(0.0, pause - (now - asked)))
            pause = min(_LONGEST_LOOK, pause * 1.5)

    def approve(self, id: str) -> Batch:  # noqa: A002
        """Approve a batch as a second person, with the key of another account."""
        return self._step(id, "approval")

    def pause(self, id: str) -> Batch:  # noqa: A002
        """Stop sending for now."""
        return self._step(id, "pause")

    def resume(self, id: str) -> Batch:  # noqa: A002
        """Send a paused batch on."""
        return self._step(id, "resume")

    def cancel(self, id: str) -> Batch:  # noqa: A002
        """Send no further row."""
        return self._step(id, "cancellation")

    def retry(self, id: str) -> Batch:  # noqa: A002
        """Send the failed rows of a finished batch again."""
        return self._step(id, "retry")

    def withdraw(self, id: str, reason: str) -> Batch:  # noqa: A002
        """Stop a batch and withdraw all its messages; `follow` ends once it is WITHDRAWN.

        `reason`: what citizens are told who have read their message. The first one counts.
        """
        return self._step(id, "withdrawal", {"reason": reason})

    def download_results(self, id: str, path: str | os.PathLike[str]) -> Path:  # noqa: A002
        """Download the outcome of each row as CSV; return the path."""
        return self._download(id, "results.csv", path)

    def download_unreached(
        self,
        id: str,  # noqa: A002
        path: str | os.PathLike[str],
        *,
        digital_domicile: bool = False,
        timeout: float = 3600,
    ) -> Path:
        """Download, as CSV, the rows whose citizens were not reached; return the path.

        `digital_domicile`: with a column of the citizens' certified mailboxes in the register INAD,
        for which the batch must have ended. The register takes some minutes: the call waits for it,
        up to `timeout` seconds. Raise TimeoutError then, and Conflict where Recapito has no access
        to the register.
        """
        query = {"digital_domicile": "true"} if digital_domicile else None
        return self._download(id, "unreached.csv", path, query, timeout)

    def download_problems(self, id: str, path: str | os.PathLike[str]) -> Path:  # noqa: A002
        """Download all problems of the list as CSV; return the path."""
        return self._download(id, "problems.csv", path)

    def _step(self, id_: str, last: str, body: Any = None) -> Batch:
        return decode(Batch, self._transport.call("POST", _of(id_, last), body, repeats=True))

    def _download(
        self,
        id_: str,
        last: str,
        path: str | os.PathLike[str],
        query: Mapping[str, Any] | None = None,
        timeout: float = 0,
    ) -> Path:
        """Write a file that the user alone can read; its name appears once it is whole."""
        wanted = Path(path)
        part = wanted.with_name(f".{wanted.name}.part")
        try:
            with open(part, "wb", opener=_private) as file:
                self._transport.download(_of(id_, last), file, query=query, timeout=timeout)
            part.replace(wanted)
        finally:
            part.unlink(missing_ok=True)
        return wanted


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _of(id_: str, last: str = "") -> str:
    return f"{_PATH}/{quote(id_)}/{last}".rstrip("/")
