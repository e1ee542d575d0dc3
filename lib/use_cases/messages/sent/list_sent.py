"""List the messages that a service sent."""

from dataclasses import dataclass
from datetime import date

from lib import telemetry
from lib.domain.messages.message_id import first_id_of
from lib.domain.messages.message_parts import ListedStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.services.service import Sender
from lib.domain.shared.deadline import midnight
from lib.domain.shared.identifiers import FiscalCode, MessageId, Reference
from lib.domain.statistics.errors import InvalidPeriodError
from lib.domain.statistics.statistics import MAX_DAYS
from lib.repositories.messages.sent.sent_lists import SentFilter, SentLists
from lib.repositories.messages.sent.sent_to_citizen import SentToCitizen


@dataclass(frozen=True, slots=True, kw_only=True)
class SentSearch:
    """The filters of a search; None for any. `first` and `last`: days in Italy, both included.

    `cursor`: the end of the previous page.
    """

    fiscal_code: FiscalCode | None = None
    status: ListedStatus | None = None
    reference: Reference | None = None
    first: date | None = None
    last: date | None = None
    cursor: MessageId | None = None
    size: int


@dataclass(frozen=True, slots=True)
class SentList:
    """A page of the list, the newest message first. `cursor`: None on the last page."""

    entries: list[SentEntry]
    cursor: MessageId | None


class ListSent:
    """List a service's messages, the newest first; an intermediary's own messages alone.

    Cost: one query for each part of the list; for one recipient that of SentToCitizen.
    """

    def __init__(self, lists: SentLists, to_citizen: SentToCitizen) -> None:
        self._lists = lists
        self._to_citizen = to_citizen

    async def __call__(self, sender: Sender, search: SentSearch) -> SentList:
        """Return a page, which may be shorter than asked for. Raise InvalidPeriodError."""
        if search.first and search.last and search.first > search.last:
            raise InvalidPeriodError(MAX_DAYS)
        wanted = _filter(sender, search)
        if search.fiscal_code is not None:
            telemetry.concerns(search.fiscal_code)
            page = await self._to_citizen.page(search.fiscal_code, wanted, search.size)
        else:
            page = await self._lists.page(wanted, search.size)
        return SentList(page.entries, page.end if page.more else None)


def _filter(sender: Sender, search: SentSearch) -> SentFilter:
    wanted = SentFilter(
        sender.service.id,
        account=sender.owner.user_id,
        status=search.status,
        reference=search.reference,
    )
    above, below = wanted.above, wanted.below
    if search.first is not None and (start := midnight(search.first)) is not None:
        above = first_id_of(start)
    if search.last is not None and (end := midnight(search.last, days=1)) is not None:
        below = first_id_of(end)
    if search.cursor is not None:
        below = min(below, search.cursor)
    return wanted.between(above, below)
