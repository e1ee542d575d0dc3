"""The clients that log citizens in: apps on devices, and web pages of the same origin.

They are public clients (RFC 6749, section 2.1): they have no secret, so their exact addresses and
the proof of the code's owner (PKCE) stand in its place.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

import orjson
from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from lib.domain.shared.model import Model

type Scope = Literal["openid", "profile", "email", "inbox"]
SCOPES: Final[tuple[Scope, ...]] = ("openid", "profile", "email", "inbox")
"""`openid` gives an ID token, `profile` and `email` more of its claims, `inbox` the app's API."""
INBOX: Final[Scope] = "inbox"
LOOPBACK_ADDRESSES: Final = frozenset({"127.0.0.1", "::1"})

_PRIVATE_SCHEME: Final = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
"""A scheme that an app has to itself is a domain name backwards (RFC 8252, section 7.1)."""
_URI: Final = re.compile(r"[\x21-\x7e]{1,512}")

_Uri = Annotated[str, StringConstraints(pattern=r"^[\x21\x22\x24-\x7e]{1,512}$")]


class AppClient(Model):
    """A client as the setting APP_CLIENTS declares it.

    `kind`: `native` gets tokens, at a loopback address with any port too; `browser` is a page of
    this app's own origin and gets a cookie. `logout_uris`: where a browser may be sent after a
    logout.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    kind: Literal["native", "browser"]
    redirect_uris: Annotated[tuple[_Uri, ...], Field(min_length=1, max_length=10)]
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1)]
    logout_uris: Annotated[tuple[_Uri, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _check_uris(self) -> Self:
        for uri in (*self.redirect_uris, *self.logout_uris):
            if not _may_be_declared(urlsplit(uri), is_native=self.kind == "native"):
                raise ValueError(
                    "an address must be https, or for a native app a scheme with a dot or "
                    "http://127.0.0.1 without a port"
                )
        return self

    def admits(self, redirect_uri: str) -> bool:
        """Tell whether the browser may be sent to this address with a code."""
        return self._is_among(redirect_uri, self.redirect_uris)

    def admits_after_logout(self, uri: str) -> bool:
        """Tell whether the browser may be sent to this address after a logout."""
        return self._is_among(uri, self.logout_uris)

    def _is_among(self, uri: str, declared: Iterable[str]) -> bool:
        """Compare texts, as a parser's tolerance would admit more; only a loopback port may differ.

        An app learns its loopback port when it starts to listen (RFC 8252, section 7.3).
        """
        if uri in declared:
            return True
        if self.kind != "native" or not _URI.fullmatch(uri):
            return False
        bare = _without_loopback_port(uri)
        return bare is not None and bare in declared


@cache
def _adapter() -> TypeAdapter[tuple[AppClient, ...]]:
    return TypeAdapter(tuple[AppClient, ...])


def parse_clients(text: str) -> tuple[AppClient, ...]:
    """Return the clients that a JSON list declares; raise ValueError with the rule alone."""
    if not text:
        return ()
    try:
        value: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError("must be a JSON list of clients") from None
    try:
        clients = _adapter().validate_python(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{place}: {first['msg']}") from None
    if len({one.id for one in clients}) != len(clients):
        raise ValueError("two clients have the same id")
    return clients


def _may_be_declared(uri: SplitResult, *, is_native: bool) -> bool:
    if uri.fragment or "@" in uri.netloc:
        return False
    if uri.scheme == "https":
        return bool(uri.hostname)
    if uri.scheme == "http":
        # the page of a browser is compared with the app's own origin, which the settings check
        return uri.hostname in LOOPBACK_ADDRESSES and (uri.port is None or not is_native)
    return is_native and _PRIVATE_SCHEME.fullmatch(uri.scheme) is not None


def _without_loopback_port(uri: str) -> str | None:
    """Return a loopback address without its port; None for any other address."""
    found = re.fullmatch(r"http://(127\.0\.0\.1|\[::1\]):[0-9]{1,5}(/.*)?", uri)
    return f"http://{found[1]}{found[2] or ''}" if found else None
