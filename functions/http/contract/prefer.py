"""Reads the header `Prefer` (RFC 7240), for members beyond IO's contract and the strict mode.

Some senders decode answers with a mapper that fails on a member which IO's contract does not
have, so without the header these answers have only IO's members.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal

type Include = Literal[
    "about",
    "channels",
    "evidence",
    "history",
    "languages",
    "reference",
    "rejection",
    "variants",
    "warnings",
    "withdrawal",
]
"""The names of the members: `history` for a message's `status_history`, others as the member."""

ABOUT: Final[Include] = "about"
REFERENCE: Final[Include] = "reference"
WITHDRAWAL: Final[Include] = "withdrawal"
PREFER: Final = "prefer"
PREFERENCE_APPLIED: Final = "Preference-Applied"
MOST_PREFERENCES: Final = 1024
"""The most characters of the header."""
STRICT: Final = "handling=strict"
"""The preference by which a fault that gives a warning refuses the request."""
WARNINGS_HEADER: Final = "Recapito-Warnings"
"""The header with the number of warnings, in each answer to an accepted request that has any."""

_PREFERENCE: Final = re.compile(r'(?:[^,"]|"[^"]*")+')
_SECONDS: Final = re.compile("[0-9]{1,6}")
_NAME: Final = re.compile("[a-z]+")


def included(prefer: str | None, offered: Collection[Include]) -> tuple[Include, ...]:
    """Return the offered members that the header asks for; other names are ignored.

    `include=history,warnings`, `include="history warnings"` and a header for each mean the same.
    """
    if not prefer or not offered:
        return ()
    names = set(_names(prefer.lower()))
    return tuple(member for member in offered if member in names)


def wants_strict(prefer: str | None) -> bool:
    """Tell whether the header asks for the strict mode; the first `handling` counts."""
    if not prefer:
        return False
    for preference in _PREFERENCE.findall(prefer.lower()):
        name, _, value = str(preference).partition(";")[0].partition("=")
        if name.strip() == "handling":
            return value.strip().strip('"') == "strict"
    return False


def wanted_wait(prefer: str | None) -> int:
    """Return the seconds of the preference `wait` (RFC 7240); 0 for none, and for no number."""
    for preference in _PREFERENCE.findall((prefer or "").lower()):
        name, _, value = str(preference).partition(";")[0].partition("=")
        if name.strip() == "wait":
            return int(digits) if _SECONDS.fullmatch(digits := value.strip().strip('"')) else 0
    return 0


def applied(members: Collection[Include], *, is_strict: bool = False) -> dict[str, str]:
    """Return the header that names the applied preferences; no header if there are none."""
    preferences = [STRICT] if is_strict else []
    if members:
        preferences.append(f"include={','.join(members)}")
    return {PREFERENCE_APPLIED: ", ".join(preferences)} if preferences else {}


def _names(prefer: str) -> Iterator[str]:
    """Yield the names after `include=`, also names that follow a comma without `include=`."""
    listing = False
    for preference in _PREFERENCE.findall(prefer):
        name, equals, value = preference.partition(";")[0].partition("=")
        if equals:
            listing = name.strip() == "include"
        if listing:
            yield from _NAME.findall(value if equals else name)
