"""Public clients of IO's API meet a host whose store, or whose queues, are away for a while."""

import asyncio
import random
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, NamedTuple, override

import pytest

from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import SENDER_KEY
from tests.doubles.azure_proxy import AzureProxy
from tests.journeys.clients.conclusions import CONCLUSIONS
from tests.journeys.clients.wire import Conclusion, PublicClient, Wire
from tests.journeys.inbox import ids
from tests.journeys.support import INBOX, Journeys, assert_private, start


class Away(random.Random):
    """Chances by which each request fails that may fail, with a 503."""

    @override
    def random(self) -> float:
        return 0.0

    @override
    def choice(self, seq: Any) -> Any:
        return "503"


class Proxied(NamedTuple):
    """A host, and the proxies before the services that it uses."""

    journeys: Journeys
    cosmos: AzureProxy
    queue: AzureProxy


@contextmanager
def _running(*proxies: AzureProxy) -> Iterator[None]:
    """Run the proxies in a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(60)

    try:
        for proxy in proxies:
            run(proxy.__aenter__())
        yield
    finally:
        for proxy in proxies:
            run(proxy.__aexit__())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def proxied(emulators: Emulators, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Yield a host on the emulators."""
    at = emulators.ports
    cosmos, queue = AzureProxy(at.cosmos, Away()), AzureProxy(at.queue, Away())
    folder = tmp_path_factory.mktemp("outage")
    with _running(cosmos, queue):
        settings = emulators.settings(replace(at, cosmos=cosmos.port, queue=queue.port))
        database = f"outage-{secrets.token_hex(6)}"
        with start(folder, "--workers", "1", **settings, COSMOS_DATABASE=database) as host:
            journeys = Journeys(host)
            yield Proxied(journeys, cosmos, queue)
            journeys.session.close()
    assert_private(host)


@pytest.mark.parametrize("service", ["cosmos", "queue"])
def test_a_client_sends_after_an_outage_what_it_could_not_send(
    proxied: Proxied, service: Literal["cosmos", "queue"]
) -> None:
    """An outage looks like a used-up limit: no client takes it for the end of a notification.

    The citizen gets one message from each client, also where the first attempt was stored and only
    its queue was away.
    """
    journeys, proxy = proxied.journeys, getattr(proxied, service)
    wire = Wire(journeys)
    clients = {kind(wire, SENDER_KEY): journeys.new_citizen() for kind in CONCLUSIONS}

    proxy.rate = 1.0
    try:
        with ThreadPoolExecutor(len(clients)) as threads:
            results = list(threads.map(_send, clients.items()))
    finally:
        proxy.rate = 0.0

    for client, result in zip(clients, results, strict=True):
        of = CONCLUSIONS[type(client)]
        assert result is (of.later if service == "cosmos" else of.not_taken), type(client)
    for client, citizen in clients.items():
        sent = client.send(citizen)
        assert sent.conclusion is Conclusion.SENT
        assert sent.id is not None
        assert journeys.settled(sent.id, citizen)["status"] == "PROCESSED"
        inbox = journeys.as_citizen("GET", INBOX, token=journeys.token(citizen))
        assert ids(inbox.json()) == [sent.id]


def _send(one: tuple[PublicClient, str]) -> Conclusion:
    client, citizen = one
    return client.send(citizen).conclusion
