"""Which requests to the host's own endpoints are another site's."""

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from infra.local.http.callers import foreign_header


def asked(*headers: tuple[str, str], names: tuple[str, ...] = ()) -> str | None:
    """Return the header that gives a request away."""
    return foreign_header(CIMultiDictProxy(CIMultiDict(headers)), names)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:7071", "127.0.0.1", "localhost:7071", "LOCALHOST", "app.localhost:1"),
        *("[::1]:7071", "127.1.2.3", "192.168.1.5:7071", "[2001:db8::1]"),
    ],
)
def test_an_address_and_localhost_are_no_other_site(host: str) -> None:
    """A name that was made to lead here is never one of these."""
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
    """DNS rebinding: the page's name leads to this machine."""
    assert asked(("Host", host)) == "Host"


def test_a_request_has_one_host() -> None:
    """None, or two, are told apart by nobody."""
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
    """Its own name or address is in Origin, whatever it calls."""
    header = asked(("Host", "127.0.0.1:7071"), ("Origin", origin))

    assert header == ("Origin" if refused else None)


def test_the_sandbox_may_be_called_by_names_of_its_own() -> None:
    """In a network of containers, for one."""
    host = ("Host", "Recapito:7071")

    assert asked(host) == "Host"
    assert asked(host, names=("recapito",)) is None
    assert asked(host, ("Origin", "http://recapito:7071"), names=("recapito",)) is None
    assert asked(host, ("Origin", "http://evil.example"), names=("recapito",)) == "Origin"
