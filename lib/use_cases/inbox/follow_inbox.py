"""Follow the changes of an inbox, so that an app keeps a copy of it."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from lib.domain.identity.access import Access
from lib.domain.inbox.errors import ChangeTokenError
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.inbox.changes import Change, InboxChanges

OVERLAP: Final = timedelta(seconds=330)
"""The time before a walk that the next walk reads again.

A replica of the store may be 300 seconds late with several regions, and clocks differ by seconds.
"""
_SEPARATOR: Final = "~"
_IN_SERVICE: Final = "/"
_LAST_SECOND: Final = 253_402_300_799
"""The last second of the year 9999, since 1970: no store counts further."""


class ChangeToken(NamedTuple):
    """A place in the order of changes.

    `since`: the second from which the walk reads. `then`: that of the next walk, and `continuation`
    the place of the next page; both are empty between two walks.
    """

    since: int
    then: int = 0
    continuation: str = ""

    def text(self) -> str:
        """Write the token for the app, to which it has no meaning."""
        parts = _SEPARATOR.join((str(self.since), str(self.then), self.continuation))
        return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a token; raise ChangeTokenError for a text that is none."""
        try:
            padded = text + "=" * (-len(text) % 4)
            decoded = base64.b64decode(padded, b"-_", validate=True).decode("ascii")
            since, then, continuation = decoded.split(_SEPARATOR, 2)
            place = cls(int(since), int(then), continuation)
        except ValueError:
            raise ChangeTokenError from None
        if not (0 <= place.since <= _LAST_SECOND and 0 <= place.then <= _LAST_SECOND):
            raise ChangeTokenError
        return place


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
        place = ChangeToken(0) if since is None else ChangeToken.of(since)
        if 0 < place.since < _second(now - self._kept):
            # a message that was removed before may be deleted by now
            raise ChangeTokenError
        then = place.then if place.continuation else _second(now - OVERLAP)
        found, continuation = await self._page(access, place, size)
        seen = [_seen(one, timestamp(now)) for one in found if one.was_delivered]
        if not continuation:
            return InboxChangesPage(seen, ChangeToken(then).text(), more=False)
        token = ChangeToken(place.since, then, continuation)
        return InboxChangesPage(seen, token.text(), more=True)

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


def _second(moment: datetime) -> int:
    return max(1, int(moment.timestamp()))
