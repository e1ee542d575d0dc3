"""A sender's host with a certificate, and guards that may call this host."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from lib.adapters.outbound.guarded_http import GuardedHTTP
from tests.doubles.tls import Certified, Upstream, certified, serving
from tests.unit.adapters.outbound.support import HERE, Names, saying


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """Return a certificate for HOST, and a client context that trusts it."""
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def upstream(tls: Certified) -> AsyncIterator[Upstream]:
    """Serve a sender's host that answers yes."""
    async with serving(tls.server) as host:
        host.answer = saying({"send": True})
        yield host


@pytest.fixture
async def guard(upstream: Upstream, tls: Certified) -> AsyncIterator[Callable[..., GuardedHTTP]]:
    """Yield a maker of guards that may call this machine's server, at 127.0.0.1 alone."""
    opened: list[GuardedHTTP] = []

    def open_one(*answers: list[str], **changes: Any) -> GuardedHTTP:
        values: dict[str, Any] = {
            "lookup": Names(*(answers or ([HERE],))),
            "admits": lambda address: address == HERE,
            "port": upstream.port,
            "trusted": tls.client,
            **changes,
        }
        opened.append(GuardedHTTP(**values))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()
