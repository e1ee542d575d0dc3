"""Allows calls from web pages of every origin, as IO's gateway does.

Calls never carry credentials: `Access-Control-Allow-Credentials` is not sent, so a browser adds
no cookie and no password. The page's own code sets the header with the key or the token.
"""

from collections.abc import Iterable, Mapping
from typing import Final

TAGS: Final = frozenset({"sender", "citizen"})
"""The tags of the APIs that web pages may call."""

_NAMED_HEADERS: Final = (
    "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, "
    "If-None-Match, Ocp-Apim-Subscription-Key, Prefer, Range"
)
"""The headers that a page may send: `*` excludes Authorization, and old browsers do not know it."""

_REMEMBER_SECONDS: Final = 2 * 60 * 60
"""The time for which a browser may keep a preflight's answer: the lowest limit of all browsers."""

_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}
_ANSWERED: Final = {**_ORIGIN, "Access-Control-Expose-Headers": "*"}


def for_answer(tag: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers that let a page read an answer of the API with this tag."""
    return _ANSWERED if tag in TAGS and "origin" in headers else {}


def for_preflight(
    tags: Iterable[str], headers: Mapping[str, str], allowed: Iterable[str]
) -> Mapping[str, str]:
    """Return the headers that allow the request for which a browser sends a preflight."""
    if "origin" not in headers or TAGS.isdisjoint(tags):
        return {}
    return {
        **_ORIGIN,
        "Access-Control-Allow-Methods": ", ".join(allowed),
        "Access-Control-Allow-Headers": f"*, {_NAMED_HEADERS}",
        "Access-Control-Max-Age": str(_REMEMBER_SECONDS),
    }
