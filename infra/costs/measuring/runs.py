"""The measured paths, each one execution of a function with its calls."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from infra.costs.measuring.calls import DocumentCall, QueueCall
from infra.costs.measuring.lab import Lab, Reply
from infra.local.sandbox.seed import CITIZEN
from lib.ports.documents import Document
from lib.ports.schema.messages import MESSAGES

HTTP: Final = "http"
"""The functions with an HTTP trigger share their instances; each queue function has its own."""
CONTENTS: Final[dict[str, Document]] = {
    "plain": {},
    "payment": {
        "due_date": "2026-12-31T22:59:59Z",
        "payment_data": {"amount": 8450, "notice_number": "301000000000000017"},
    },
}
_SENTENCE: Final = "È disponibile l'avviso della tassa sui rifiuti, con scadenza il 30 giugno. "


class MeasureError(Exception):
    """A path failed, so its figures would be wrong."""


@dataclass(frozen=True, slots=True)
class PathRun:
    """The calls of one execution; `reply_bytes` is the size of the answer's body.

    `blobs`: the kinds of the calls of the blob store. `function` is empty if another path counts
    the execution.
    """

    function: str
    documents: tuple[DocumentCall, ...]
    queues: tuple[QueueCall, ...]
    reply_bytes: int = 0
    blobs: tuple[str, ...] = ()


type Paths = dict[str, PathRun]


def a_message(characters: int, content: Document, fiscal_code: str = CITIZEN) -> Document:
    """Return the body of a submission with the given number of characters of text."""
    text = (_SENTENCE * (characters // len(_SENTENCE) + 1))[:characters]
    return {
        "fiscal_code": fiscal_code,
        "content": {"subject": "Tassa sui rifiuti, prima rata", "markdown": text, **content},
    }


def until_delivered(fan_out: PathRun) -> int:
    """Return the number of operations on documents until the message is in the inbox."""
    calls = [(one.kind, one.container) for one in fan_out.documents]
    return calls.index(("patch", MESSAGES.name)) + 1


class Measuring:
    """The measured paths by name."""

    def __init__(self, lab: Lab, characters: int) -> None:
        self.lab, self.characters = lab, characters
        self.paths: Paths = {}

    async def note(self, name: str, function: str, run: Callable[[], Awaitable[Any]]) -> Any:
        """Run a path, note its calls, and return the answer's body; raise MeasureError."""
        await self.lab.plan_fold()
        self.lab.record.clear()
        result = await run()
        reply = result if isinstance(result, Reply) else None
        if reply and not HTTPStatus(reply.status).is_success:
            raise MeasureError(f"{name}: {reply.status} {reply.body}")
        record = self.lab.record
        self.paths[name] = PathRun(
            function,
            tuple(record.documents),
            tuple(record.queues),
            reply.size if reply else 0,
            tuple(record.blobs),
        )
        return reply.body if reply else None

    async def submit(self, name: str, content: Document, citizen: str = CITIZEN) -> str:
        """Submit a message and return its id."""
        message = a_message(self.characters, content, citizen)
        headers = (
            {"idempotency-key": f"tari-2027-{len(self.paths):06}"} if name.endswith("key") else {}
        )
        body = await self.note(
            name, HTTP, lambda: self.lab.call("submit_message", message, headers=headers)
        )
        return str(body["id"])

    async def consume(self, name: str, consumer: Any) -> None:
        """Note a run of a queue function."""
        await self.note(name, consumer.name, lambda: self.lab.run(consumer))

    async def settle(self, name: str = "") -> None:
        """Run all queues until they are empty; note the first run as `name`, if it is given.

        Executions that the first run causes are noted as `name > function`.
        """
        noted = name
        for _ in range(10):
            consumers = await self.lab.waiting()
            if not consumers:
                if noted:
                    raise MeasureError(f"{name}: no queue function has anything to do")
                return
            for consumer in consumers:
                if not name:
                    await self.lab.run(consumer)
                elif noted:
                    await self.consume(noted, consumer)
                    noted = ""
                else:
                    await self.consume(f"{name} > {consumer.name}", consumer)
        raise MeasureError(f"{name}: queues do not become empty")
