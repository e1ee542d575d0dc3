"""What many tests need: a stack in a folder, calls to endpoints, and valid inputs to vary."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import azure.functions as func

from functions import CONSUMERS, ENDPOINTS, TIMERS
from infra.local.emulators import Emulators, Ports
from infra.local.sandbox_seed import CITIZEN, SENDER_KEY, SERVICE_ID, seed
from infra.local.sandbox_tokens import TokenIssuer
from lib.composition.container import Container, build_container
from lib.composition.settings import Settings
from lib.domain.services.service import Group
from lib.ports.documents import Document, DocumentStore
from lib.ports.mailer import Mail
from lib.ports.push import Installation, PushNotification
from lib.ports.queue import Queue, QueueItem
from lib.ports.queueing.items import MessageSubmitted
from lib.ports.queueing.names import POISON_SUFFIX
from lib.ports.schema import REMOTE_CONTENT_CONFIGURATIONS, SENDER_KEYS, SERVICES
from tests import io_contract

ISSUER = "https://sandbox.recapito.example"
AUDIENCE = "recapito-sandbox"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WITH_WARNINGS = {"Prefer": "include=warnings"}
MARKDOWN = "È disponibile l'avviso della prima rata della tassa sui rifiuti. " * 2


class StillClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Move on."""
        self.moment += step


@dataclass
class KeptPush:
    """A push sender that keeps what it is given; `failure` is raised instead while it is set."""

    sent: list[PushNotification] = field(default_factory=list)
    failure: BaseException | None = None

    async def send(self, notification: PushNotification) -> None:
        """Keep it."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(notification)


@dataclass
class KeptMail:
    """A mailer that keeps what it is given; `failure` is raised instead while it is set."""

    sent: list[Mail] = field(default_factory=list)
    failure: BaseException | None = None

    async def send(self, mail: Mail) -> None:
        """Keep it."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(mail)


@dataclass
class KeptDevices:
    """A push service's list of devices."""

    installations: dict[str, Installation] = field(default_factory=dict)

    async def register(self, installation: Installation) -> None:
        """Keep it."""
        self.installations[installation.id] = installation

    async def remove(self, installation_id: str) -> None:
        """Drop it."""
        self.installations.pop(installation_id, None)

    async def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Reply:
    """An answer as its reader sees it."""

    status: int
    body: Any
    headers: Mapping[str, str]


def refusal(reply: Reply) -> tuple[int, str, str]:
    """Return what IO fixes of a refusal."""
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.body["status"] == reply.status
    return reply.status, reply.body["title"], reply.body["detail"]


class Stack:
    """The whole app on an embedded stack in a folder, called without HTTP between."""

    def __init__(self, folder: Path, settings: Settings | None = None, **overrides: Any) -> None:
        self.clock = StillClock()
        self.push = KeptPush()
        self.mailer = KeptMail()
        self.tokens = TokenIssuer(folder, ISSUER, AUDIENCE)
        self.app: Container = build_container(
            settings or settings_for(folder),
            **{"clock": self.clock, "push": self.push, "mailer": self.mailer, **overrides},
        )
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
        """Seed the sandbox."""
        await seed(self.app)
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
    ) -> Reply:
        """Call an endpoint as a sender, or as a citizen where one is given."""
        sent = {"content-type": "application/json", "x-forwarded-for": "198.51.100.7:1024"}
        if citizen:
            sent["authorization"] = f"Bearer {self.token(citizen)}"
        elif key is not None:
            sent["ocp-apim-subscription-key"] = key
        endpoint = self._endpoints[name]
        answer = await endpoint.respond(
            func.HttpRequest(
                endpoint.method,
                f"http://127.0.0.1{endpoint.path}",
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
        return Reply(
            answer.status_code,
            (json.loads(content) if content else None) if is_json else content,
            dict(answer.headers),
        )

    def token(self, fiscal_code: str) -> str:
        """Return a citizen's token by this stack's clock."""
        return self.tokens.issue(fiscal_code, self.clock.now())[0]

    async def submit(self, **changes: Any) -> str:
        """Submit a message and return its id."""
        reply = await self.call("submit_message", a_message(**changes))
        assert reply.status == 201, reply
        return str(reply.body["id"])

    async def drain(self) -> None:
        """Run the queue functions until nothing is visible, as the host does when all goes well."""
        busy = True
        while busy:
            busy = False
            for consumer in CONSUMERS:
                while items := await take(self.queue, consumer.queue):
                    busy = True
                    for item in items:
                        await consumer.consume(self.app, item.text, last=False)
                        await self.queue.delete(consumer.queue, item)

    async def tick(self) -> None:
        """Run the timer functions, and what they queue."""
        for timer in TIMERS:
            await timer.tick(self.app)
            await self.drain()

    async def live_until(self, moment: datetime) -> None:
        """Let time pass, with a tick every five minutes as on the host."""
        while self.clock.moment < moment:
            step = timedelta(minutes=5)
            self.clock.moment = min(moment, self.clock.moment + step)
            await self.tick()

    async def deliver(self, **changes: Any) -> str:
        """Submit a message, bring it to its end, and return its id."""
        id_ = await self.submit(**changes)
        await self.drain()
        return id_


async def with_groups(
    stack: Stack,
    *groups: Group,
    service_id: str = "test-service",
    key: str = "sandbox-test-key",
    **service: Any,
) -> str:
    """Make a key in these groups alone, of a service with these changes; return the key."""
    stored = (await stack.store.read(SERVICES, SERVICE_ID, SERVICE_ID)).document
    await stack.store.upsert(SERVICES, {**stored, "id": service_id, **service})
    hashed = stack.app.authenticate_sender._hashes.of(key)
    await stack.store.upsert(
        SENDER_KEYS,
        {"id": hashed, "service_id": service_id, "user_id": "u", "groups": list(groups)},
    )
    return key


CONFIGURATION_ID = "01HQRZ6T6G2P1NB3QF0J9S2K4V"


async def with_configuration(stack: Stack, user_id: str = f"user-of-{SENDER_KEY}") -> Document:
    """Give the user a remote content configuration; return third party data that names it."""
    document = {"id": CONFIGURATION_ID, "user_id": user_id}
    await stack.store.upsert(REMOTE_CONTENT_CONFIGURATIONS, document)
    return {"id": "1", "configuration_id": CONFIGURATION_ID}


async def take(queue: Queue, name: str) -> list[QueueItem]:
    """Receive what is visible."""
    return await queue.receive(name, limit=32, visibility_timeout=timedelta(seconds=30))


async def clear(queue: Queue) -> None:
    """Empty the queues of the emulators, which outlive a test, of what is hidden too.

    The port has no such thing; on other engines take out what is visible.
    """
    clients = getattr(queue, "_clients", None)
    if clients is not None:
        service = clients.queues()
        async for one in service.list_queues():
            await service.get_queue_client(one.name).clear_messages()
        return
    for consumer in CONSUMERS:
        for name in (consumer.queue, f"{consumer.queue}{POISON_SUFFIX}"):
            while items := await take(queue, name):
                for item in items:
                    await queue.delete(name, item)


def a_secret(purpose: str) -> str:
    """Return a secret as `openssl rand -base64 32` makes them, the same for the same purpose."""
    return base64.b64encode(hashlib.sha256(purpose.encode()).digest()).decode()


NO_SANDBOX: Mapping[str, Any] = {
    "sandbox": False,
    "key_hash_secret": a_secret("key hash"),
    "pseudonym_secret": a_secret("pseudonym"),
    "link_secret": a_secret("link"),
    "citizen_token_issuer": "https://login.example",
    "citizen_token_audience": "recapito",
    "citizen_token_jwks": "https://login.example/jwks",
}
"""Changes to the settings, for an app without a sandbox."""


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Return settings for a stack in the folder, without looking at the environment."""
    values: dict[str, Any] = {
        "stack": "embedded",
        "data_folder": folder,
        "sandbox": True,
        "key_hash_secret": "sandbox-key-hash-secret",
        "pseudonym_secret": "sandbox-pseudonym-secret",
        "link_secret": "sandbox-link-secret",
        "public_url": "http://127.0.0.1:7071",
        "citizen_token_issuer": ISSUER,
        "citizen_token_audience": AUDIENCE,
        "citizen_token_jwks": str(folder / "citizen-jwks.json"),
        **changes,
    }
    return Settings.model_validate(values)


def settings_of(emulators: Emulators, ports: Ports | None = None) -> dict[str, str]:
    """Return the settings that a stack on the emulators takes; see `Emulators.settings`."""
    names = {
        str(field.validation_alias or name.upper()): name
        for name, field in Settings.model_fields.items()
    }
    return {names[name]: value for name, value in emulators.settings(ports).items()}


def a_message(*, content: Mapping[str, Any] | None = None, **changes: Any) -> Document:
    """Return a valid body to submit; `content` adds to its content, None takes a field away."""
    body = {
        "fiscal_code": CITIZEN,
        "content": {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN, **(content or {})},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def a_payment(**changes: Any) -> Document:
    """Return valid payment data."""
    return {"amount": 8450, "notice_number": "301000000000000017", **changes}


def submitted(message_id: str, fiscal_code: str = CITIZEN) -> MessageSubmitted:
    """Return the item that a submission queues."""
    return MessageSubmitted(fiscal_code=fiscal_code, message_id=message_id, service_id=SERVICE_ID)
