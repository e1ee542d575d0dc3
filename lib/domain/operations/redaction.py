"""Show an item of a queue without what may name a person."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN

HIDDEN: Final = "***"
_TECHNICAL: Final = frozenset(
    {
        "application_id",
        "attachment_id",
        "attempt",
        "batch_id",
        "channel",
        "chunk",
        "count",
        "day",
        "delegation_id",
        "due",
        "due_at",
        "event",
        "first",
        "first_seen",
        "full",
        "generation",
        "is_notified",
        "is_repeated",
        "kind",
        "language",
        "message_id",
        "noted_at",
        "notified",
        "outcome",
        "recall_id",
        "recalls",
        "request_id",
        "send_at",
        "service_id",
        "stage",
        "step",
        "tell",
        "traceparent",
        "until",
        "upload",
        "week",
    }
)
"""The members whose values are ids, times, numbers and fixed words."""
_NAME: Final = re.compile("[a-z_]{1,40}")
_WORD: Final = re.compile("[0-9A-Za-z_.:+-]{0,64}", re.ASCII)
_ID: Final = re.compile("[0-9A-HJKMNP-TV-Z]{26}")
_CODE: Final = re.compile(FISCAL_CODE_PATTERN[1:-1], re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an item; `value` is `HIDDEN` where it may name a person."""

    name: str
    value: str


def names_a_person(text: str) -> bool:
    """Tell whether a text has what looks like a fiscal code or an e-mail address."""
    return "@" in text or _CODE.search(text) is not None


def without_person(text: str) -> str:
    """Return a text, or `HIDDEN` in its place if it may name a person."""
    # one id in some hundred looks like a fiscal code
    return HIDDEN if names_a_person(text) and not _ID.fullmatch(text) else text


def redacted(text: str) -> list[Member]:
    """Return the members of an item; none for a text that is no object in JSON.

    Values of known technical members alone are shown, and only in their simple forms.
    """
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return list(_shown(members)) if isinstance(members, dict) else []


def _shown(members: dict[str, Any]) -> Iterator[Member]:
    for name, value in members.items():
        known = name if _NAME.fullmatch(name) else HIDDEN
        yield Member(known, _text(value) if name in _TECHNICAL else HIDDEN)


def _text(value: object) -> str:
    if isinstance(value, bool | int | float) or value is None:
        return json.dumps(value)
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        return HIDDEN
    return without_person(value)
