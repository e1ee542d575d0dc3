"""Requests to the host's own endpoints that come from another site."""

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from infra.local.http.callers import foreign_header


def asked(*headers: tuple[str, str], names: tuple[str, ...] = ()) -> str | None:
    """Return the header that shows another site."""
    return foreign_header(CIMultiDictProxy(CIMultiDict(headers)), names)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:7071", "127.0.0.1", "localhost:7071", "LOCALHOST", "app.localhost:1"),
        *("[::1]:7071", "127.1.2.3", "192.168.1.5:7071", "[2001:db8::1]"),
    ],
)
def test_an_address_and_localhost_are_no_other_site(host: str) -> None:
    """A name that an attacker made to lead here is neither of these."""
    assert asked(("Host", host)) is None
    assert asked(("Host", host), ("Origin", f"http://{host}")) is None


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:7071", "127.0.0.1.evil.example", "localhost.evil.example"),
        *("", ":7071", "user@127.0.0.1", "127.0.0.1@evil.example", "127.0.0.1:x", "[::1", "a b"),
    ],
)
def test_another_name_is_refused(host: str) -> None:
    """With DNS rebinding the name of the page leads to this machine."""
    assert asked(("Host", host)) == "Host"


def test_a_request_has_one_host() -> None:
    """A request without Host, or with two, is refused."""
    assert asked() == "Host"
    assert asked(("Host", "127.0.0.1"), ("Host", "evil.example")) == "Host"


@pytest.mark.parametrize(
    ("origin", "refused"),
    [
        ("http://127.0.0.1:3000", False),
        ("http://localhost:3000", False),
        ("https://evil.example", True),
        ("http://203.0.113.5", True),
        ("http://localhost.evil.example", True),
        ("null", True),
        ("", True),
        ("http://[", True),
    ],
)
def test_a_page_of_another_site_is_refused(origin: str, *, refused: bool) -> None:
    """Origin has the page's own name or address."""
    header = asked(("Host", "127.0.0.1:7071"), ("Origin", origin))

    assert header == ("Origin" if refused else None)


def test_the_sandbox_may_be_called_by_names_of_its_own() -> None:
    """A network of containers has such names."""
    host = ("Host", "Recapito:7071")

    assert asked(host) == "Host"
    assert asked(host, names=("recapito",)) is None
    assert asked(host, ("Origin", "http://recapito:7071"), names=("recapito",)) is None
    assert asked(host, ("Origin", "http://evil.example"), names=("recapito",)) == "Origin"
