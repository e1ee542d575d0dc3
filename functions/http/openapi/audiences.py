"""The audiences of the API: each has its own OpenAPI document with its own endpoints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from functions.http.contract.endpoint import AnyEndpoint


class Audience(StrEnum):
    """The readers of one OpenAPI document."""

    SENDERS = "senders"
    CITIZENS = "citizens"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of endpoints, and the documents that describe it."""

    description: str
    audiences: frozenset[Audience]


TAGS: Final[Mapping[str, Tag]] = {
    "sender": Tag("PAs' systems: send and follow messages", frozenset({Audience.SENDERS})),
    "citizen": Tag("The mobile app: inbox and settings", frozenset({Audience.CITIZENS})),
    "login": Tag("Apps and browsers: log citizens in and out", frozenset({Audience.CITIZENS})),
    "links": Tag("Pages that links in e-mails open", frozenset({Audience.CITIZENS})),
    "console": Tag(
        "Pages of this app's origin: act with a key that no script can read",
        frozenset({Audience.SENDERS, Audience.OPERATIONS}),
    ),
    "payments": Tag("pagoPA: report the outcomes of payments", frozenset({Audience.SENDERS})),
    "operations": Tag("Operators of this installation", frozenset({Audience.OPERATIONS})),
    "public": Tag("Everybody: the state and the description of the API", frozenset(Audience)),
}
"""The tags in the order of the document."""


def of_audience(
    endpoints: Iterable[AnyEndpoint], audience: Audience | None
) -> tuple[AnyEndpoint, ...]:
    """Return the endpoints that the audience uses; all endpoints for None."""
    return tuple(
        one for one in endpoints if audience is None or audience in TAGS[one.tag].audiences
    )
