"""The paths a message takes, run on the app and measured."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from functions.queues.message_submitted import fan_out_message
from functions.queues.notification_requested import send_notification
from functions.queues.sender_event import count_sender_event
from infra.costs.calls import DocumentCall, QueueCall
from infra.costs.lab import Lab, Reply
from infra.local.sandbox_seed import CITIZEN
from lib.ports.documents import Document

HTTP: Final = "http"
"""The functions with an HTTP trigger share their instances; each queue function has its own."""
CONTENTS: Final[dict[str, Document]] = {
    "plain": {},
    "payment": {
        "due_date": "2027-06-30T21:59:59Z",
        "payment_data": {"amount": 8450, "notice_number": "301000000000000017"},
    },
}
_SENTENCE: Final = "È disponibile l'avviso della tassa sui rifiuti, con scadenza il 30 giugno. "
_READING: Final[Document] = {"change_type": "reading", "is_read": True}
_WITHOUT_PROFILE: Final = "NOPROF00A00A000A"


class MeasureError(Exception):
    """A path did not go as it should; its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class PathRun:
    """What one execution of a function did; `reply_bytes` is the size of an answer's body."""

    function: str
    documents: tuple[DocumentCall, ...]
    queues: tuple[QueueCall, ...]
    reply_bytes: int = 0


type Paths = dict[str, PathRun]


def a_message(characters: int, content: Document, fiscal_code: str = CITIZEN) -> Document:
    """Return a body to submit, with so many characters of text."""
    text = (_SENTENCE * (characters // len(_SENTENCE) + 1))[:characters]
    return {
        "fiscal_code": fiscal_code,
        "content": {"subject": "Tassa sui rifiuti, prima rata", "markdown": text, **content},
    }


class _Measuring:
    def __init__(self, lab: Lab, characters: int) -> None:
        self._lab, self._characters = lab, characters
        self.paths: Paths = {}

    async def note(self, name: str, function: str, run: Callable[[], Awaitable[Any]]) -> Any:
        self._lab.record.clear()
        result = await run()
        reply = result if isinstance(result, Reply) else None
        if reply and reply.status >= 300:  # noqa: PLR2004 - HTTP: whatever is not a success
            raise MeasureError(f"{name}: {reply.status} {reply.body}")
        record = self._lab.record
        self.paths[name] = PathRun(
            function, tuple(record.documents), tuple(record.queues), reply.size if reply else 0
        )
        return reply.body if reply else None

    async def submit(self, name: str, content: Document, citizen: str = CITIZEN) -> str:
        message = a_message(self._characters, content, citizen)
        headers = (
            {"idempotency-key": f"tari-2027-{len(self.paths):06}"} if name.endswith("key") else {}
        )
        body = await self.note(
            name, HTTP, lambda: self._lab.call("submit_message", message, headers=headers)
        )
        return str(body["id"])

    async def consume(self, name: str, consumer: Any) -> None:
        await self.note(name, consumer.name, lambda: self._lab.run(consumer))

    async def inbox(self, id_: str, page_items: int) -> None:
        page = {"page_size": str(page_items), "enrich_result_data": "true"}
        path = {"id": id_}
        sent = {"id": id_, "fiscal_code": CITIZEN}
        archiving = {"change_type": "archiving", "is_archived": True}
        call = self._lab.call
        await self.note("inbox", HTTP, lambda: call("list_inbox", query=page, citizen=CITIZEN))
        await self.note("open", HTTP, lambda: call("read_message", path=path, citizen=CITIZEN))
        for name, change in (("mark", _READING), ("archive", archiving)):
            await self.note(
                name,
                HTTP,
                lambda change=change: call(  # type: ignore[misc]  # bound in the loop
                    "change_message_status", change, path=path, citizen=CITIZEN
                ),
            )
        await self.note("status", HTTP, lambda: call("read_sent_message", path=sent))

    async def count(self) -> None:
        """Count the second event of a message: the day's first in its part comes once."""
        id_ = await self.submit("submit payment", CONTENTS["payment"])
        await self._lab.run(fan_out_message)
        await self._lab.run(count_sender_event)
        await self.note(
            "mark payment",
            HTTP,
            lambda: self._lab.call(
                "change_message_status", _READING, path={"id": id_}, citizen=CITIZEN
            ),
        )
        await self.consume("count event", count_sender_event)


async def _measure(folder: Path, characters: int, page_items: int) -> Paths:
    async with Lab(folder) as lab:
        measuring = _Measuring(lab, characters)
        await measuring.submit("submit first of a minute", {})
        await lab.run(fan_out_message)
        await lab.run(send_notification)
        for content, fields in CONTENTS.items():
            await measuring.submit(f"submit {content}, key", fields)
            await measuring.consume(f"fan out {content}", fan_out_message)
            await lab.run(send_notification)
            id_ = await measuring.submit(f"submit {content}", fields)
            await lab.run(fan_out_message)
            await measuring.consume("notify", send_notification)
        await measuring.submit("submit plain", {}, _WITHOUT_PROFILE)
        await measuring.consume("fan out rejected", fan_out_message)
        await measuring.submit("submit plain", {})
        await measuring.note("dead letter", "poison", lambda: lab.poison(fan_out_message))
        for _ in range(page_items):
            id_ = await measuring.submit("submit plain", {})
            await lab.run(fan_out_message)
        await measuring.inbox(id_, page_items)
        await measuring.count()
        return measuring.paths


def measure(*, characters: int, page_items: int) -> Paths:
    """Run every path once on a stack in a new folder; raise MeasureError, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), characters, page_items))
