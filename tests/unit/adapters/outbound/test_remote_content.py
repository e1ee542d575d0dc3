"""A call to a sender's host of remote content says why it has no answer."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.remote_content import HTTPRemoteContentHosts
from lib.ports.senders.hosts import CallFault, MutualTLS, RemoteCall, RemoteCallError
from tests.builders.certificates import a_certificate
from tests.doubles.tls import Certified, Upstream, certified, serving
from tests.unit.adapters.outbound.support import HERE, Names, saying, url_of

HEADERS = {"X-Api-Key": "a key", "fiscal_code": "RSSMRA80A01H501U"}


def a_call(
    url: str, most: int = 1000, *, cut: bool = False, tls: MutualTLS | None = None
) -> RemoteCall:
    """Return a call of the URL."""
    return RemoteCall(url, HEADERS, tls, most, cut)


def hosts_of(http: GuardedHTTP, size: int = 10_000_000) -> HTTPRemoteContentHosts:
    """Return hosts that hold so many bytes of answers at a time."""
    return HTTPRemoteContentHosts(http, most_held=size)


async def fault_of(http: GuardedHTTP, call: RemoteCall) -> CallFault:
    """Return the reason why the call has no answer."""
    with pytest.raises(RemoteCallError) as raised:
        await hosts_of(http).get(call)
    assert call.url not in str(raised.value)
    return raised.value.fault


async def test_an_answer_has_status_type_and_body(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """The headers are sent as they are given; a redirect is not followed."""
    hosts = hosts_of(guard())
    answer = await hosts.get(a_call(url_of(upstream)))
    assert (answer.status, answer.media_type, answer.body) == (
        200,
        "application/json",
        b'{"send": true}',
    )
    assert upstream.asked[0].headers["fiscal_code"] == HEADERS["fiscal_code"]
    assert upstream.asked[0].headers["X-Api-Key"] == HEADERS["X-Api-Key"]

    upstream.answer = saying({}, status=302, headers={"Location": "https://10.0.0.1/"})
    assert (await hosts.get(a_call(url_of(upstream)))).status == 302


async def test_a_long_answer_is_cut_or_refused(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """A caller that needs the beginning alone gets it."""
    upstream.answer = saying(b"%PDF-" + b"x" * 300_000)

    assert await fault_of(guard(), a_call(url_of(upstream))) == "TOO_LONG"
    answer = await hosts_of(guard()).get(a_call(url_of(upstream), 5, cut=True))
    assert answer.body == b"%PDF-"


async def test_each_failure_has_its_reason(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """The reasons are those that a sender can act on."""
    call = a_call(url_of(upstream))

    assert await fault_of(guard([]), call) == "HOST_NOT_FOUND"
    assert await fault_of(guard(["10.0.0.1"]), call) == "HOST_NOT_PUBLIC"
    assert await fault_of(guard(), a_call("https://127.0.0.1/")) == "HOST_NOT_PUBLIC"
    assert await fault_of(guard(trusted=None), call) == "TLS"
    closed = guard(port=9)
    assert await fault_of(closed, a_call("https://a.example:9/")) == "UNREACHABLE"

    async def never(_: object) -> None:

        await asyncio.sleep(20)

    upstream.answer = never
    assert await fault_of(guard(), replace(call, seconds=0.2)) == "TIMEOUT"


async def test_this_machine_is_called_without_tls_in_the_sandbox_alone() -> None:
    """The sandbox's own administration listens there; no other address of http is called."""
    url = "http://127.0.0.1:9/x"

    assert await fault_of(GuardedHTTP(), a_call(url)) == "HOST_NOT_PUBLIC"
    sandbox = GuardedHTTP(on_this_machine=True)
    assert await fault_of(sandbox, a_call(url)) == "UNREACHABLE"
    for other in ("http://10.0.0.1/", "http://a.example/", "http://localhost:9/"):
        assert await fault_of(sandbox, a_call(other)) == "HOST_NOT_PUBLIC"
    await sandbox.close()


async def test_an_answer_has_the_headers_that_the_app_uses(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """The names of the version, and the time to wait."""
    headers = {"ETag": '"v1"', "Last-Modified": "Mon", "Retry-After": "7", "X-Other": "x"}
    upstream.answer = saying(b"%PDF-", headers=headers)

    answer = await hosts_of(guard()).get(a_call(url_of(upstream)))

    assert (answer.etag, answer.last_modified, answer.retry_after) == ('"v1"', "Mon", "7")


async def test_a_certificate_is_shown_to_a_host_that_asks_for_it(
    tmp_path: Path, tls: Certified, guard: Callable[..., GuardedHTTP]
) -> None:
    """Without the certificate, or with another authority, the connection is refused."""
    own = a_certificate()
    (tmp_path / "server").mkdir()
    wanting = certified(tmp_path / "server")
    wanting.server.load_verify_locations(cadata=own.pem)
    wanting.server.verify_mode = ssl.CERT_REQUIRED
    async with serving(wanting.server) as host:
        host.answer = saying({})
        http = guard(port=host.port, lookup=Names([HERE]), trusted=wanting.client)
        url = url_of(host)
        shown = MutualTLS(own.pem, own.key, wanting.authority)

        answer = await hosts_of(http).get(a_call(url, tls=shown))

        assert answer.status == 200
        assert await fault_of(http, a_call(url)) in {"TLS", "UNREACHABLE"}
        stranger = MutualTLS(own.pem, own.key, a_certificate().pem)
        assert await fault_of(http, a_call(url, tls=stranger)) == "TLS"
        broken = MutualTLS("nothing", own.key, wanting.authority)
        assert await fault_of(http, a_call(url, tls=broken)) == "TLS"
