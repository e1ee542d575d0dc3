"""The place of a client in the order in which the store wrote documents."""

import base64
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from lib.domain.inbox.errors import ChangeTokenError

OVERLAP: Final = timedelta(seconds=330)
"""The time before a walk that the next walk reads again.

A replica of the store may be 300 seconds late with several regions, and clocks differ by seconds.
"""
NOW: Final = "now"
"""In place of a token: a walk that begins where a list that was just read ends."""
_SEPARATOR: Final = "~"
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

    @classmethod
    def at(cls, text: str | None, now: datetime, kept: timedelta) -> Self:
        """Return the place where a call reads; None: a walk from the first document on.

        `kept`: the time after which documents of changes may be deleted. Raise ChangeTokenError.
        """
        if text == NOW:
            text = cls(_second(now - OVERLAP)).text()
        place = cls(0) if text is None else cls.of(text)
        if 0 < place.since < _second(now - kept):
            raise ChangeTokenError
        return place if place.continuation else place._replace(then=_second(now - OVERLAP))

    def after(self, continuation: str) -> str:
        """Return the token of the next call; an empty `continuation` ends the walk."""
        if not continuation:
            return ChangeToken(self.then).text()
        return self._replace(continuation=continuation).text()

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


def _second(moment: datetime) -> int:
    return max(1, int(moment.timestamp()))
