"""Senders' hosts that give scripted answers, and requests that test a configuration with them."""

import json
from typing import Any

from infra.local.sandbox.seed import MANAGE_KEY
from lib.ports.senders.hosts import (
    CallFault,
    NoRoomError,
    RemoteAnswer,
    RemoteCall,
    RemoteCallError,
)
from tests.builders.remote_content import TEST_USER, call
from tests.stack import Reply, Stack

TEXT = "Il contenuto del messaggio, che resta nei sistemi del Comune e si legge con l'app. " * 2
SECRET_TEXT = "Gentile Ada Rossi"
MESSAGE = {
    "details": {"subject": "Il tuo fascicolo", "markdown": TEXT + SECRET_TEXT},
    "attachments": [{"id": "1", "url": "allegati/1.pdf", "content_type": "application/pdf"}],
}
PRECONDITION = {"title": "Prima di aprire", "markdown": TEXT}
TRIAL = {"id": "a/b", "fiscal_code": TEST_USER, "attachment": "allegati/1.pdf"}


class KeptHosts:
    """Hosts that give scripted answers, by the end of the path, and keep the calls."""

    def __init__(self) -> None:
        self.calls: list[RemoteCall] = []
        self.answers: dict[str, RemoteAnswer | CallFault] = {}
        self.has_room = True

    def answer_right(self) -> "KeptHosts":
        """Answer all calls of TRIAL as IO's contract says."""
        self.answers = {
            "precondition": in_json(PRECONDITION),
            "a%2Fb": in_json(MESSAGE),
            "1.pdf": RemoteAnswer(200, "application/pdf", b"%PDF-1.7\n..."),
        }
        return self

    async def get(self, call: RemoteCall) -> RemoteAnswer:
        """Return the scripted answer."""
        self.calls.append(call)
        if not self.has_room:
            raise NoRoomError
        answer = self.answers.get(call.url.rpartition("/")[2], "UNREACHABLE")
        if isinstance(answer, RemoteAnswer):
            return answer
        raise RemoteCallError(answer)

    async def close(self) -> None:
        """Close nothing."""


def in_json(members: Any, status: int = 200) -> RemoteAnswer:
    """Return an answer in JSON."""
    return RemoteAnswer(status, "application/json", json.dumps(members).encode())


async def tried(stack: Stack, id_: str, **changes: Any) -> Reply:
    """Test a configuration."""
    body = {name: value for name, value in {**TRIAL, **changes}.items() if value is not None}
    return await call(stack, "test", id_, body, key=MANAGE_KEY)


async def faults(stack: Stack, id_: str, **changes: Any) -> list[tuple[str, str, str]]:
    """Return the faults of a test: the call, the kind and the place."""
    reply = await tried(stack, id_, **changes)
    assert reply.status == 200, reply
    assert reply.body["is_passed"] is False
    return [
        (one["name"], fault["code"], fault["pointer"])
        for one in reply.body["calls"]
        for fault in one["faults"]
    ]
