"""A container, builders and a still clock, which the contract suites share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lib.ports.documents import Container

NOTES = Container(
    "notes",
    partition_key="owner",
    indexed=("kind", "done", "rank"),
    composite=(("kind", "done", "id"), ("kind", "rank"), ("rank",)),
    swept=("kind", "look_at"),
)
LEASES = Container(
    "leases", partition_key="owner", composite=(("id",),), default_ttl=60, read_in_bulk=True
)
TAGS = Container("tags", partition_key="owner")
"""Never queried."""
CONTAINERS = (TAGS, NOTES, LEASES)


class StillClock:
    """A clock that moves only when a test advances it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 29, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def a_note(owner: str, id_: str = "note-1", **fields: Any) -> dict[str, Any]:
    """Return a document of NOTES."""
    return {"id": id_, "owner": owner, "kind": "memo", "done": False, "rank": 1, **fields}
