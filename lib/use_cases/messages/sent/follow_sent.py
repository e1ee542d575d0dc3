"""Follow the changes of the messages that a service sent."""

from dataclasses import dataclass
from typing import Final

from lib.domain.messages.sent_entry import LATE_WRITE, SentEntry
from lib.domain.services.service import Sender
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.sent.sent_lists import SentLists

EARLIEST: Final = "0001-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class SentChanges:
    """A page of changed messages, the earliest change first.

    `cursor`: where the next page begins, also after the last page. `more`: there is a next page.
    """

    entries: list[SentEntry]
    cursor: str
    more: bool


class FollowSent:
    """Return the messages of a service by the order of their changes.

    Each message has one place in the order, that of its last change; a change moves it to the end.
    Cost: one query for each part of the list.
    Concurrency: a change is shown ten seconds after its write, when no earlier change can still be
    written. So a caller that passes each cursor on misses no change.
    """

    def __init__(self, lists: SentLists, clock: Clock) -> None:
        self._lists = lists
        self._clock = clock

    async def __call__(
        self, sender: Sender, *, since: str | None, cursor: str | None, size: int
    ) -> SentChanges:
        """Return the changes after the cursor, or those since a time (see `values.timestamp`)."""
        after = cursor or self._lists.place_at(since or EARLIEST)
        before = self._lists.place_at(timestamp(self._clock.now() - LATE_WRITE))
        account = sender.owner.user_id
        page = await self._lists.changes(sender.service.id, account, after, before, size)
        return SentChanges(page.entries, page.end or after, page.more)
