"""The measures of the Azure stack: CPU of the app's processes, and calls by kind, per message.

They run on the near-free services, or on the emulators. `per_s` is messages in an inbox with their
push sent, over the whole time. CPU counts the processes of the host alone, not the services.
"""

import asyncio
import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import requests

from infra.local.emulators.database import create_database
from infra.local.emulators.processes import Emulators, Ports
from infra.local.sandbox.seed import a_profile
from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_store import CosmosStore
from lib.adapters.azure.storage_queue import StorageQueue
from lib.composition.settings import Settings
from lib.ports.documents import Condition, PatchOperation, Query
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.messages import MESSAGES
from tests.builders.settings import settings_for, settings_of
from tests.load import population
from tests.load.client import closed_loop, request
from tests.load.measures import Figures, latencies, statuses, token_of
from tests.load.profile import shares
from tests.load.servers import PATIENCE_SECONDS, ROOT, Server

LIBRARIES = (
    ("azure-cosmos", ("(azure/cosmos/",)),
    ("azure-storage", ("(azure/storage/",)),
    ("azure-core", ("(azure/core/",)),
    ("worker library", ("azure_functions_runtime", "azure/functions", "werkzeug")),
    ("telemetry", ("opentelemetry", "(lib/telemetry")),
    ("app: functions/", ("(functions/",)),
    ("app: lib/", ("(lib/",)),
    ("local host", ("infra/local",)),
    ("aiohttp", ("aiohttp", "multidict", "yarl")),
    ("json, pydantic", ("pydantic", "orjson", "json/")),
)
"""The parts of a worker on the Azure stack, as a profile tells them apart."""
CITIZENS = 500
CONNECTIONS = 64
PAGE_MESSAGES = 100
LEAST_CALLS = 0.01
"""Rarer calls, such as polls of empty queues, are not shown."""


class Services:
    """The near-free services at their ports; `settings` are the app's settings for them."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self._bench = f"http://127.0.0.1:{ports['bench']}"
        self.ingestion = f"http://127.0.0.1:{ports['ingestion']}"
        self.ports = Ports(cosmos=ports["cosmos"], blob=ports["blob"], queue=ports["queue"])
        self.settings = Emulators().settings(self.ports)

    def messages(self) -> dict[str, Any]:
        """Return the messages by status, the notifications that were sent, and the queued items."""
        return self._told("messages")

    def calls(self) -> dict[str, int]:
        """Return the calls so far, by kind."""
        return self._told("calls")

    def _told(self, what: str) -> dict[str, Any]:
        answer = requests.get(f"{self._bench}/{what}", timeout=PATIENCE_SECONDS)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def near_free() -> Iterator[Services]:
    """Start the near-free services, and stop them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.load.near_free"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Services(orjson.loads(process.stdout.readline() if process.stdout else ""))
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


async def populate(settings: Settings, citizens: int) -> None:
    """Create the database, and give each citizen a profile and a device."""
    clients = AzureClients(settings)
    await create_database(clients, settings.cosmos_database)
    store = CosmosStore(clients)
    # few at a time, so that none passes its limit of time on a machine under load
    for numbers in itertools.batched(range(citizens), 10, strict=False):
        codes = [population.fiscal_code(number) for number in numbers]
        profiles = [a_profile(code, max_daily_notifications=100_000) for code in codes]
        await asyncio.gather(*(store.upsert(PROFILES, profile) for profile in profiles))
    await clients.close()


@dataclass(frozen=True, slots=True)
class AzureHost:
    """A host on near-free services of its own; `sent` are the submissions to it."""

    services: Services
    server: Server
    sent: Iterator[bytes]

    async def deliver(self, seconds: float, *, until_exported: float = 0) -> Figures:
        """Submit for `seconds`, and wait until every message has its push.

        `cpu_ms`: CPU of the host's processes for each message. `calls`: requests for each message.
        `until_exported`: the seconds after that whose CPU and calls count too.
        """
        before = await _settled(self.services)
        calls, cpu = self.services.calls(), self.server.cpu_seconds()
        started = time.perf_counter()
        results = await closed_loop(
            self.server.url, self.sent, connections=CONNECTIONS, seconds=seconds
        )
        after = await _settled(self.services)
        took = time.perf_counter() - started
        await asyncio.sleep(until_exported)
        cpu = self.server.cpu_seconds() - cpu
        done = after["sent"] - before["sent"]
        seen = [found["statuses"].get("PROCESSED", 0) for found in (before, after)]
        return {
            "per_s": round(done / took, 1),
            "cpu_ms": round(1000 * cpu / max(1, done), 2),
            "accepted": results.statuses[201],
            "visible": seen[1] - seen[0],
            "notified": done,
            "accept": latencies(results),
            "statuses": statuses(results),
            "calls": _each(self.services.calls(), calls, done),
        }


@asynccontextmanager
async def azure_host(
    workers: int, more: Callable[[Services], Mapping[str, str]] = lambda _: {}
) -> AsyncIterator[AzureHost]:
    """Start a host that has served for two seconds. `more`: more settings of the app."""
    with near_free() as services, tempfile.TemporaryDirectory() as folder:
        await _populated(services, Path(folder))
        settings = {**services.settings, **more(services)}
        with Server(Path(folder), workers=workers, settings=settings) as server:
            sent = population.submissions(server.url, CITIZENS)
            await closed_loop(server.url, sent, connections=CONNECTIONS, seconds=2)
            yield AzureHost(services, server, sent)


async def delivered(workers: int, seconds: float) -> Figures:
    """Deliver messages with their pushes, and profile a worker."""
    async with azure_host(workers) as host:
        sampled = shares(host.server.workers[-1], int(seconds), LIBRARIES)
        profiled = asyncio.create_task(sampled)
        figures = await host.deliver(seconds)
        return {**figures, "profile": await profiled}


async def inbox(seconds: float) -> Figures:
    """Measure pages of 20 of an inbox on one connection, and their CPU."""
    with near_free() as services, tempfile.TemporaryDirectory() as folder:
        await _populated(services, Path(folder))
        with Server(Path(folder), workers=1, settings=services.settings) as server:
            sent = itertools.islice(population.submissions(server.url, 1), PAGE_MESSAGES)
            await closed_loop(server.url, sent, connections=10, seconds=60)
            await _settled(services)
            token = await asyncio.to_thread(token_of, server.url, population.fiscal_code(0))
            page = request(
                "GET",
                f"{server.url}/api/communication/v1/messages?page_size=20&enrich_result_data=true",
                headers={"Authorization": f"Bearer {token}"},
            )
            await closed_loop(server.url, itertools.repeat(page), connections=1, seconds=1)
            calls, cpu = services.calls(), server.cpu_seconds()
            results = await closed_loop(
                server.url, itertools.repeat(page), connections=1, seconds=seconds
            )
            read = len(results.latencies)
            return {
                "per_s": round(results.rate),
                "cpu_ms": round(1000 * (server.cpu_seconds() - cpu) / read, 2),
                **latencies(results),
                "statuses": statuses(results),
                "calls": _each(services.calls(), calls, read),
            }


async def bare(count: int) -> Figures:
    """Measure the CPU of one SDK call of each kind, in this process, one after the other."""
    with near_free() as services, tempfile.TemporaryDirectory() as folder:
        settings = await _populated(services, Path(folder))
        clients = AzureClients(settings)
        store, queue = CosmosStore(clients), StorageQueue(clients)
        owner = population.fiscal_code(0)
        document = {"fiscal_code": owner, "status": "ACCEPTED", "text": population.MARKDOWN}
        step = [PatchOperation("set", "/status", "PROCESSED")]
        query = Query(owner, limit=20, where=(Condition("id", ">", "0"),), fields=("id", "status"))
        kinds: dict[str, Callable[[int], Awaitable[object]]] = {
            "create": lambda n: store.create(MESSAGES, {**document, "id": f"bare-{n}"}),
            "read": lambda n: store.read(MESSAGES, owner, f"bare-{n}"),
            "patch": lambda n: store.patch(MESSAGES, owner, f"bare-{n}", step),
            "upsert": lambda n: store.upsert(MESSAGES, {**document, "id": f"bare-{n}"}),
            "query": lambda _: store.query(MESSAGES, query),
            "put": lambda _: queue.put("bare", "{}" * 50),
        }
        figures: Figures = {}
        for kind, call in kinds.items():
            await call(0)
            cpu, started = time.process_time(), time.perf_counter()
            for number in range(1, count + 1):
                await call(number)
            spent, took = time.process_time() - cpu, time.perf_counter() - started
            figures[f"bare_{kind}"] = {
                "per_s": round(count / took),
                "cpu_ms": round(1000 * spent / count, 3),
            }
        await clients.close()
        return figures


async def _populated(services: Services, folder: Path) -> Settings:
    settings = settings_for(folder, **settings_of(Emulators(), services.ports))
    await populate(settings, CITIZENS)
    return settings


async def _settled(services: Services) -> dict[str, Any]:
    """Wait until nothing is on its way; return the last counts."""
    while True:
        found = await asyncio.to_thread(services.messages)
        if not found["queued"] and not found["statuses"].get("ACCEPTED"):
            return found
        await asyncio.sleep(0.05)


def _each(after: Mapping[str, int], before: Mapping[str, int], count: int) -> dict[str, float]:
    """Return the calls for each of `count`, by kind; those of idle polls are left out."""
    spent = {kind: (calls - before.get(kind, 0)) / max(1, count) for kind, calls in after.items()}
    return {kind: round(calls, 2) for kind, calls in spent.items() if calls > LEAST_CALLS}
