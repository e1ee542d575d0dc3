"""Follow the changes of an inbox, so that an app keeps a copy of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lib.domain.identity.access import Access
from lib.domain.inbox.change_token import ChangeToken
from lib.domain.inbox.errors import ChangeTokenError
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.inbox.changes import Change, InboxChanges

_IN_SERVICE: Final = "/"


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A message that changed, as its citizen sees it. `is_removed`: it is in no place any more."""

    change: Change
    is_removed: bool


@dataclass(frozen=True, slots=True)
class InboxChangesPage:
    """A page of changes, the earliest first. `token`: where the next call begins.

    `more`: the page ended before the changes did.
    """

    changes: list[SeenChange]
    token: str
    more: bool


class FollowInbox:
    """Return the messages that changed since a token, each once, in its present state.

    The store itself gives each write its second, in the order of the writes, so no writer can
    forget it or write it late. A walk of pages reads up to the present; the next walk begins
    OVERLAP before the begin of this walk, because a replica of the store may have been late. So a
    message of the last minutes comes again, and none is missing.
    Cost: one query for each page.
    Concurrency: a message that changes during a walk moves to its end, or into the next walk.
    """

    def __init__(self, changes: InboxChanges, clock: Clock, *, days: int) -> None:
        self._changes = changes
        self._clock = clock
        self._kept = timedelta(days=days)

    async def __call__(self, access: Access, since: str | None, size: int) -> InboxChangesPage:
        """Return a page; without a token from the first message on. Raise ChangeTokenError."""
        now = self._clock.now()
        # a message that was removed before may be deleted by then
        place = ChangeToken.at(since, now, self._kept)
        found, continuation = await self._page(access, place, size)
        seen = [_seen(one, timestamp(now)) for one in found if one.was_delivered]
        return InboxChangesPage(seen, place.after(continuation), more=bool(continuation))

    async def _page(
        self, access: Access, place: ChangeToken, size: int
    ) -> tuple[list[Change], str]:
        """Return a page, and where it ended; empty at the end of the walk.

        A delegate for some services walks through one after the other, so that no token leads to a
        message of another service.
        """
        subject, since, ids = access.subject, place.since, access.service_ids
        if ids is None:
            page = await self._changes.page(subject, since, size, place.continuation or None)
            return page.changes, page.continuation or ""
        order = sorted(ids)
        at, _, continuation = place.continuation.partition(_IN_SERVICE)
        service_id = ServiceId(at) if at else order[0]
        if service_id not in ids:
            raise ChangeTokenError
        page = await self._changes.page(subject, since, size, continuation or None, service_id)
        if page.continuation:
            return page.changes, f"{service_id}{_IN_SERVICE}{page.continuation}"
        following = order[order.index(service_id) + 1 :]
        return page.changes, f"{following[0]}{_IN_SERVICE}" if following else ""


def _seen(change: Change, now: str) -> SeenChange:
    until = change.message.binned_until
    is_binned = change.status == "BINNED" and until is not None and until > now
    return SeenChange(change, is_removed=change.status != "PROCESSED" and not is_binned)
