"""A call to a sender's URL goes to public addresses of a certified host alone."""

from collections.abc import Callable

import pytest

from lib.adapters.outbound.guard.public_address import is_public
from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.ports.errors import UnavailableError
from tests.doubles.tls import HOST, Upstream
from tests.unit.adapters.outbound.support import HERE, Names, saying, url_of


async def test_a_name_is_looked_up_once_and_its_address_pinned(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """The call goes to the checked address; the next call looks the name up and checks again."""
    names = Names([HERE], ["10.0.0.1"])
    http = guard(lookup=names)
    upstream.answer = saying({"send": True}, headers={"Connection": "close"})

    assert (await http.get(url_of(upstream), {}))[0] == 200
    assert names.asked == [HOST]
    with pytest.raises(UnavailableError, match="ClientConnectorDNSError"):
        await http.get(url_of(upstream), {})

    assert names.asked == [HOST, HOST]
    assert len(upstream.asked) == 1


@pytest.mark.parametrize("other", ["10.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("order", [1, -1])
async def test_one_forbidden_address_forbids_the_name(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], other: str, order: int
) -> None:
    """The order of the addresses does not matter."""
    with pytest.raises(UnavailableError):
        await guard([HERE, other][::order]).get(url_of(upstream), {})

    assert upstream.asked == []


async def test_this_machine_is_not_called_unless_told_to(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """The app opens a guard without arguments: public addresses and port 443 alone."""
    http = guard(admits=is_public)
    with pytest.raises(UnavailableError, match="ClientConnectorDNSError"):
        await http.get(url_of(upstream), {})
    with pytest.raises(UnavailableError, match="URL is not allowed"):
        await GuardedHTTP().get(url_of(upstream), {})

    assert GuardedHTTP()._admits is is_public
    assert upstream.asked == []


async def test_a_name_without_an_address_is_an_outage(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """An empty answer is not taken for an answer without forbidden addresses."""
    with pytest.raises(UnavailableError):
        await guard([]).get(url_of(upstream), {})


@pytest.mark.parametrize(
    "url",
    [
        "http://{host}:{port}/",
        "ftp://{host}:{port}/",
        "//{host}:{port}/",
        "https://{host}:1/",
        "https://{host}/",
        "https://user@{host}:{port}/",
        "https://user:secret@{host}:{port}/",
        "https://:secret@{host}:{port}/",
        "https://@{host}:{port}\\@10.0.0.1/",
        "https://127.0.0.1:{port}/",
        "https://127.1:{port}/",
        "https://2130706433:{port}/",
        "https://0x7f000001:{port}/",
        "https://0x7f.0.0.0x1:{port}/",
        "https://0177.0.0.1:{port}/",
        "https://127.0.0.1.:{port}/",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://localhost:{port}/",
        "https://{host}.:{port}/",
        "https://{host}%00.it:{port}/",
        "https://xn{long}.it:{port}/",
        "https://{host}:{port}/a b",
        "https://{host}:{port}/\r\nX-Injected: 1",
        "https://{host}:{port}/à",
        "https://ⓔxample.it:{port}/",
        "https:///",
        "https://{host}:99999/",
        "",
    ],
)
async def test_other_urls_than_plain_https_are_not_called(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], url: str
) -> None:
    """The guard does not look the name up, and the error does not repeat the URL."""
    names = Names([HERE])
    target = url.format(host=HOST, port=upstream.port, long="x" * 63)

    with pytest.raises(UnavailableError, match=r"^a sender's URL is not allowed$"):
        await guard(lookup=names).get(target, {})

    assert (names.asked, upstream.asked) == ([], [])


async def test_the_certificate_must_be_the_name_s(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """The certificate must name the host and come from a trusted authority."""
    for http, host in ((guard(), f"other.{HOST}"), (guard(trusted=None), HOST)):
        with pytest.raises(UnavailableError, match="Certificate"):
            await http.get(url_of(upstream, host=host), {})

    assert upstream.asked == []


async def test_no_proxy_of_the_environment_is_used(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would look the name up itself, unchecked."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert (await guard().get(url_of(upstream), {}))[0] == 200


async def test_a_cookie_is_not_kept(upstream: Upstream, guard: Callable[..., GuardedHTTP]) -> None:
    """A call for one message tells the sender nothing of a call for another."""
    http = guard()
    upstream.answer = saying({"send": True}, headers={"Set-Cookie": "a=b; Path=/"})

    await http.get(url_of(upstream), {})
    await http.get(url_of(upstream), {})

    assert "Cookie" not in upstream.asked[1].headers
