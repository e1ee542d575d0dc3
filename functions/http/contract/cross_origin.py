"""Allows calls from web pages of every origin, as IO's gateway does.

Calls never carry credentials: `Access-Control-Allow-Credentials` is not sent, so a browser adds
no cookie and no password. A key or a token is in a header that the page's own code has set.
"""

from collections.abc import Iterable, Mapping
from typing import Final

TAGS: Final = frozenset({"sender", "citizen"})
"""The APIs that web pages may call."""

_NAMED_HEADERS: Final = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Ocp-Apim-Subscription-Key, Prefer"
)
"""Named beside `*`, which does not include Authorization and is unknown to older browsers."""

_REMEMBER_SECONDS: Final = 2 * 60 * 60
"""As long as the browser with the lowest limit keeps it."""

_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}
_ANSWERED: Final = {**_ORIGIN, "Access-Control-Expose-Headers": "*"}


def for_answer(tag: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers that let a page read an answer of the API with this tag."""
    return _ANSWERED if tag in TAGS and "origin" in headers else {}


def for_preflight(
    tags: Iterable[str], headers: Mapping[str, str], allowed: Iterable[str]
) -> Mapping[str, str]:
    """Return the headers that let a page send what the browser asks about beforehand."""
    if "origin" not in headers or TAGS.isdisjoint(tags):
        return {}
    return {
        **_ORIGIN,
        "Access-Control-Allow-Methods": ", ".join(allowed),
        "Access-Control-Allow-Headers": f"*, {_NAMED_HEADERS}",
        "Access-Control-Max-Age": str(_REMEMBER_SECONDS),
    }
