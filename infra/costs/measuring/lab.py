"""Run the app on an embedded stack without HTTP, and record every call of a port."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import azure.functions as func

from functions.declared import CONSUMERS, ENDPOINTS
from functions.queues.contract import Consumer
from infra.costs.measuring.calls import Record
from infra.costs.measuring.recording_blobs import RecordingBlobs
from infra.costs.measuring.recording_queue import RecordingQueue
from infra.costs.measuring.recording_store import RecordingStore
from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID, seed
from infra.local.sandbox.tokens import TokenIssuer
from infra.local.settings.options import JWKS_FILE
from lib.composition.app import App, build_app
from lib.composition.settings import Settings
from lib.composition.stacks import embedded_ports
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import ServiceId
from lib.ports.queue import QueueItem

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_ISSUER: Final = "https://sandbox.recapito.example"
_AUDIENCE: Final = "recapito-sandbox"
_ENDPOINTS: Final = {endpoint.name: endpoint for endpoint in ENDPOINTS}


_TICK: Final = timedelta(milliseconds=10)
_DAY: Final = timedelta(days=1)
_NEVER: Final = 3600.0
"""More seconds than a measurement takes."""


class _Clock:
    """A clock that advances only with each call, so that ids have the order of the calls."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `size` is the bytes of its body."""

    status: int
    body: Any
    size: int


class Lab:
    """The app under measurement; `record` contains the calls of its ports."""

    def __init__(self, folder: Path) -> None:
        self.record = Record()
        self._issuer = TokenIssuer(folder, _ISSUER, _AUDIENCE)
        self._tokens: dict[str, str] = {}
        settings = Settings.model_validate(
            {
                "stack": "embedded",
                "data_folder": folder,
                "sandbox": True,
                "key_hash_secret": "lab-key-hash-of-16-bytes",
                "pseudonym_secret": "lab-pseudonym-of-16-bytes",
                "citizen_token_issuer": _ISSUER,
                "citizen_token_audience": _AUDIENCE,
                "citizen_token_jwks": str(folder / JWKS_FILE),
                "public_url": "http://127.0.0.1",
                "link_secret": "lab-link-secret-of-16-bytes",
            }
        )
        self.clock = _Clock()
        ports = embedded_ports(settings, self.clock)
        self.app: App = build_app(
            settings,
            clock=self.clock,
            store=RecordingStore(ports.store, self.record),
            queue=RecordingQueue(ports.queue, self.record),
            blobs=RecordingBlobs(ports.blobs, self.record),
        )

    async def __aenter__(self) -> Self:
        """Seed the sandbox's senders and citizens."""
        await seed(self.app)
        # the list of accepted messages is written in the background, at a moment of its own
        self.app.messages.note_sent.delay = _NEVER
        return self

    async def __aexit__(self, *_: object) -> None:
        """Release the files."""
        await self.app.close()

    async def call(
        self,
        name: str,
        body: Any = None,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        citizen: str | None = None,
        key: str = SENDER_KEY,
    ) -> Reply:
        """Call an endpoint as the given citizen, or without a citizen with a sender's key."""
        self.clock.moment += _TICK
        caller = (
            {"authorization": f"Bearer {self._token(citizen)}"}
            if citizen
            else {"ocp-apim-subscription-key": key}
        )
        endpoint = _ENDPOINTS[name]
        answer = await endpoint.respond(
            func.HttpRequest(
                endpoint.method,
                f"http://127.0.0.1{endpoint.path}",
                headers={
                    "content-type": "application/json",
                    "x-forwarded-for": "198.51.100.7:1024",
                    **caller,
                    **(headers or {}),
                },
                params=query or {},
                route_params=path or {},
                body=json.dumps(body, ensure_ascii=False).encode(),
            ),
            self.app,
        )
        content = answer.get_body()
        return Reply(answer.status_code, json.loads(content) if content else None, len(content))

    def _token(self, citizen: str) -> str:
        if citizen not in self._tokens:
            self._tokens[citizen] = self._issuer.issue(citizen, self.clock.moment)[0]
        return self._tokens[citizen]

    def advance(self, to: datetime) -> None:
        """Advance the clock; citizens sign in again."""
        self.clock.moment = max(to, self.clock.moment)
        self._tokens.clear()

    def next_day(self) -> None:
        """Advance the clock by a day: a citizen gets less than one notification on most days."""
        self.advance(self.clock.moment + _DAY)

    async def plan_fold(self) -> None:
        """Plan the fold of the present week, which the first message of a process plans."""
        now = self.clock.moment
        await self.app.repositories.folds.plan(ServiceId(SERVICE_ID), in_rome(now).date(), now)

    async def run(self, consumer: Consumer[Any]) -> None:
        """Run the queue's items as the host does: receive, run, delete."""
        for item in await self._take(consumer.queue):
            await consumer.consume(self.app, item.text, last=False)
            await self.app.ports.queue.delete(consumer.queue, item)

    async def waiting(self) -> list[Consumer[Any]]:
        """Return the consumers whose queues have items, in the order of their declarations."""
        length = self.app.ports.queue.length
        return [one for one in CONSUMERS if await length(one.queue)]

    async def poison(self, consumer: Consumer[Any]) -> None:
        """Fail the queue's items: note the last attempt, then run the poison function."""
        broken = replace(consumer, handler=_fail)
        for item in await self._take(consumer.queue):
            try:
                await broken.consume(self.app, item.text, last=True)
            except Exception:  # noqa: BLE001 - the platform takes it as a failed attempt
                await broken.dead_letter(self.app, item.text)
            await self.app.ports.queue.delete(consumer.queue, item)

    async def _take(self, queue: str) -> list[QueueItem]:
        return await self.app.ports.queue.receive(
            queue, limit=32, visibility_timeout=timedelta(seconds=60)
        )


async def _fail(_: App, __: object) -> None:
    raise ValueError("a fault of the item")
