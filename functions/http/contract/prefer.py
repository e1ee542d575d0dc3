"""Adds our own members to answers of IO's operations on demand: `Prefer` (RFC 7240).

Some senders decode answers with a mapper that fails on a member which IO's contract does not
have, so without the header these answers have IO's members alone.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal

type Include = Literal["history", "warnings"]
"""What may be asked for: `status_history` of a message, `warnings` about the request."""

PREFER: Final = "prefer"
PREFERENCE_APPLIED: Final = "Preference-Applied"
WARNINGS_HEADER: Final = "Recapito-Warnings"
"""In every answer that accepts a request with something odd in it: how many things are odd."""

_PREFERENCE: Final = re.compile(r'(?:[^,"]|"[^"]*")+')
_NAME: Final = re.compile("[a-z]+")


def included(prefer: str | None, offered: Collection[Include]) -> tuple[Include, ...]:
    """Return which of the offered members the header asks for; what is not offered is ignored.

    `include=history,warnings`, `include="history warnings"` and a header for each mean the same.
    """
    if not prefer or not offered:
        return ()
    asked = set(_asked(prefer.lower()))
    return tuple(one for one in offered if one in asked)


def applied(members: Collection[Include]) -> dict[str, str]:
    """Return the header that names what was asked for and given, where there is any."""
    return {PREFERENCE_APPLIED: f"include={','.join(members)}"} if members else {}


def _asked(prefer: str) -> Iterator[str]:
    """Yield the names after `include=`; a name alone after a comma belongs to it."""
    listing = False
    for preference in _PREFERENCE.findall(prefer):
        name, equals, value = preference.partition(";")[0].partition("=")
        if equals:
            listing = name.strip() == "include"
        if listing:
            yield from _NAME.findall(value if equals else name)
