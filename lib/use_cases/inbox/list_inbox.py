"""List a citizen's messages, a page at a time."""

from dataclasses import dataclass
from datetime import date

from lib.domain.identity.access import Access
from lib.domain.inbox.errors import ImpossibleFilterError
from lib.domain.inbox.inbox_filter import InboxFilter, Place
from lib.domain.inbox.words import SearchedWords
from lib.domain.messages.message_id import first_id_of
from lib.domain.messages.message_parts import CategoryTag
from lib.domain.messages.words.about import AboutKind
from lib.domain.shared.deadline import in_rome, midnight
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.inbox.inbox import Inbox, InboxPage
from lib.use_cases.inbox.search_inbox import SearchInbox


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSearch:
    """The request of a citizen for messages; None and False for any. Days are those of Italy.

    `last` and `due_last` are included. `due_within`: the number of days, from the present day, in
    which the due date comes.
    """

    place: Place = "INBOX"
    service_id: ServiceId | None = None
    organization: OrganizationFiscalCode | None = None
    category: CategoryTag | None = None
    about: AboutKind | None = None
    is_unread: bool = False
    is_starred: bool = False
    is_to_pay: bool = False
    first: date | None = None
    last: date | None = None
    due_first: date | None = None
    due_last: date | None = None
    due_within: int | None = None
    words: SearchedWords | None = None

    def filter(self, today: date, service_ids: frozenset[ServiceId] | None) -> InboxFilter:
        """Return the filter of the search, among these services; None for all of them.

        Raise ImpossibleFilterError.
        """
        due_first, due_last, due_days = self.due_first, self.due_last, 1
        if self.due_within is not None:
            if due_first or due_last:
                raise ImpossibleFilterError(
                    "#/query/due_within", "must be absent with `due_from` and `due_to`"
                )
            due_first, due_last, due_days = today, today, self.due_within + 1
        return InboxFilter(
            place=self.place,
            service_ids=service_ids,
            service_id=self.service_id,
            organization=self.organization,
            category=self.category,
            about=self.about,
            is_unread=self.is_unread,
            is_starred=self.is_starred,
            is_to_pay=self.is_to_pay,
            since=_id(self.first),
            until=_id(self.last, days=1),
            due_since=_time(due_first),
            due_until=_time(due_last, days=due_days),
            words=self.words,
        )


class ListInbox:
    """Return a page of the citizen's inbox.

    Cost: that of Inbox.page, no read per message. A search by words costs what SearchInbox and its
    source do, or examines the messages.
    """

    def __init__(self, inbox: Inbox, search: SearchInbox, clock: Clock) -> None:
        self._inbox = inbox
        self._search = search
        self._clock = clock

    async def __call__(
        self,
        access: Access,
        search: InboxSearch,
        *,
        size: int,
        maximum_id: MessageId | None,
        minimum_id: MessageId | None,
    ) -> InboxPage:
        """Return a page between the two exclusive bounds; see Inbox.page.

        Raise ImpossibleFilterError.
        """
        now = self._clock.now()
        wanted, found = search.filter(in_rome(now).date(), access.service_ids), None
        # the index has no services, and its bounds may be ids of hidden messages
        if wanted.words is not None and access.service_ids is None:
            found = await self._search(access.subject, wanted, wanted.words)
        return await self._inbox.page(
            access.subject,
            wanted,
            size=size,
            now=timestamp(now),
            below=maximum_id,
            above=minimum_id,
            found=found,
        )


def _id(day: date | None, days: int = 0) -> MessageId | None:
    moment = None if day is None else midnight(day, days)
    return None if moment is None else first_id_of(moment)


def _time(day: date | None, days: int = 0) -> str | None:
    moment = None if day is None else midnight(day, days)
    return None if moment is None else timestamp(moment)
