"""The whole app on an embedded stack in a folder, as a caller sees it."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import azure.functions as func

from functions.declared import CONSUMERS, ENDPOINTS, TIMERS
from functions.queues.contract import Consumer
from infra.local.sandbox.seed import SENDER_KEY, seed
from infra.local.sandbox.tokens import TokenIssuer
from lib.composition.app import App, build_app
from lib.composition.settings import Settings
from lib.composition.stacks import STORE_FILE
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import DocumentStore
from lib.ports.queue import Queue, QueueItem
from tests import io_contract
from tests.builders.messages import a_message
from tests.builders.settings import AUDIENCE, ISSUER, settings_for
from tests.doubles.channels import KeptMail, KeptPush
from tests.doubles.clock import StillClock


@dataclass(frozen=True)
class Reply:
    """An answer: status, decoded body and headers. `cookies`: each header `Set-Cookie`."""

    status: int
    body: Any
    headers: Mapping[str, str]
    cookies: tuple[str, ...] = ()


def refusal(reply: Reply) -> tuple[int, str, str]:
    """Return the parts of a refusal that IO fixes."""
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.body["status"] == reply.status
    return reply.status, reply.body["title"], reply.body["detail"]


_SEEDED: Final[list[bytes]] = []
"""The store of a stack with the usual settings after its seed, once a test has made one."""


class Stack:
    """The whole app on an embedded stack in a folder, called without HTTP."""

    def __init__(self, folder: Path, settings: Settings | None = None, **overrides: Any) -> None:
        self.clock = StillClock()
        self.push = KeptPush()
        self.mailer = KeptMail()
        self.tokens = TokenIssuer(folder, ISSUER, AUDIENCE)
        self._store_file = folder / STORE_FILE
        self.app: App = build_app(
            settings or settings_for(folder),
            **{"clock": self.clock, "push": self.push, "mailer": self.mailer, **overrides},
        )
        # a test may give the stack another app before its start
        self._usual_settings = self.app.settings if settings is None else None
        self._usual_app = self.app if settings is None and not overrides else None
        self._endpoints = {endpoint.name: endpoint for endpoint in ENDPOINTS}

    @property
    def store(self) -> DocumentStore:
        """The document store."""
        return self.app.ports.store

    @property
    def queue(self) -> Queue:
        """The queues."""
        return self.app.ports.queue

    async def start(self) -> "Stack":
        """Seed the sandbox; a new stack with the usual settings gets a copy of the first seed."""
        if self.app.settings != self._usual_settings or self._store_file.exists():
            await seed(self.app)
        elif _SEEDED:
            self._store_file.write_bytes(_SEEDED[0])
        else:
            await seed(self.app)
            if self.app is self._usual_app:
                with closing(sqlite3.connect(self._store_file)) as connection:
                    _SEEDED.append(connection.serialize())
        return self

    async def call(
        self,
        name: str,
        body: Any = None,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = SENDER_KEY,
        citizen: str | None = None,
        party: str | None = None,
        method: str | None = None,
    ) -> Reply:
        """Call an endpoint as a sender, or as a citizen where one is given.

        `party`: for whom the citizen acts. `method`: HEAD in place of the endpoint's GET.
        """
        sent = {"content-type": "application/json", "x-forwarded-for": "198.51.100.7:1024"}
        if citizen:
            sent["authorization"] = f"Bearer {self.token(citizen, party)}"
        elif key is not None:
            sent["ocp-apim-subscription-key"] = key
        endpoint = self._endpoints[name]
        answer = await endpoint.respond(
            func.HttpRequest(
                method or endpoint.method,
                f"http://127.0.0.1{endpoint.path}{f'?{urlencode(query)}' if query else ''}",
                headers={**sent, **(headers or {})},
                params=query or {},
                route_params=path or {},
                body=body if isinstance(body, bytes) else json.dumps(body).encode(),
            ),
            self.app,
        )
        content = answer.get_body()
        io_contract.check(
            endpoint.method, endpoint.path, answer.status_code, content, asked=headers
        )
        is_json = "json" in answer.headers["content-type"]
        found = dict(answer.headers)
        return Reply(
            answer.status_code,
            (json.loads(content) if content else None) if is_json else content,
            found,
            tuple(answer.headers.getlist("Set-Cookie")) if "Set-Cookie" in found else (),
        )

    def token(self, fiscal_code: str, party: str | None = None) -> str:
        """Return a citizen's token by this stack's clock; `party`: for whom the citizen acts."""
        return self.tokens.issue(fiscal_code, self.clock.now(), party)[0]

    async def submit(self, **changes: Any) -> MessageId:
        """Submit a message and return its id."""
        reply = await self.call("submit_message", a_message(**changes))
        assert reply.status == 201, reply
        return MessageId(reply.body["id"])

    async def list_accepted(self) -> None:
        """List the accepted messages without a fan-out, as a process does within two rounds."""
        for _ in range(2):
            await self.app.messages.note_sent.store()

    async def drain(self) -> None:
        """Run the queue functions until no item is visible, as the host does without failures."""
        busy = True
        while busy:
            busy = False
            for consumer in self.consumers():
                while items := await take(self.queue, consumer.queue):
                    busy = True
                    for item in items:
                        await consumer.consume(self.app, item.text, last=False)
                        await self.queue.delete(consumer.queue, item)

    def consumers(self) -> Iterable[Consumer[Any]]:
        """Return the queue functions whose queues may have items."""
        return CONSUMERS

    async def tick(self) -> None:
        """Run the timer functions, and the items that they queue."""
        for timer in TIMERS:
            await timer.tick(self.app)
            await self.drain()

    async def live_until(self, moment: datetime, step: timedelta = timedelta(minutes=30)) -> None:
        """Let time pass, with a tick at each step; a host has a tick in five minutes."""
        while self.clock.moment < moment:
            self.clock.moment = min(moment, self.clock.moment + step)
            await self.tick()

    async def deliver(self, **changes: Any) -> MessageId:
        """Submit a message, bring it to its end, and return its id."""
        id_ = await self.submit(**changes)
        await self.drain()
        return id_


async def take(queue: Queue, name: str) -> list[QueueItem]:
    """Receive the visible items of a queue."""
    return await queue.receive(name, limit=32, visibility_timeout=timedelta(seconds=30))
