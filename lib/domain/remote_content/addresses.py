"""Addresses of a message's parts at its sender's host, below the base of a configuration."""

import re
from typing import Final
from urllib.parse import quote, unquote

MOST_CHARACTERS: Final = 2048
_PATH: Final = "/!$&'()*+,;=:@-._~"
"""The characters that a path may have as they are (RFC 3986)."""
_QUERY: Final = re.compile(r"[!$-;=?-Z_a-z~\[\]@%]*")
_DECODINGS: Final = 3


def message_address(base: str, id_: str) -> str:
    """Return the address of a message. `id_`: its id at its sender."""
    return f"{base.rstrip('/')}/messages/{quote(id_, safe='')}"


def attachment_path(path: str, query: str = "") -> str | None:
    """Return the part of an attachment's address after that of its message; None for a wrong one.

    `path`: decoded once, as a platform gives it, with `%2F` for an encoded slash. `query`: as the
    caller sent it, since a host may have signed it. A path with the segments . or .. could lead to
    another message, or out of the base; so could `..;a=b`, since hosts in Java drop the parameters.
    """
    plain = path.replace("%2F", "/").replace("%2f", "/").removeprefix("/")
    if not plain or len(plain) + len(query) > MOST_CHARACTERS or not _QUERY.fullmatch(query):
        return None
    if not _stays_below(plain):
        return None
    return f"/{quote(plain, safe=_PATH)}{f'?{query}' if query else ''}"


def listed_path(url: str) -> str | None:
    """Return the same for the `url` of a listed attachment, as the app asks for it."""
    path, _, query = url.partition("?")
    return attachment_path(unquote(path), query)


def is_below(url: str) -> bool:
    """Tell whether the `url` of a listed attachment names something below its message."""
    return listed_path(url) is not None


def _stays_below(path: str) -> bool:
    for _ in range(_DECODINGS):
        segments = (one.partition(";")[0] for one in re.split(r"[/\\]", path))
        if not {".", ".."}.isdisjoint(segments) or not path.isprintable():
            return False
        path = unquote(path)
    return True
