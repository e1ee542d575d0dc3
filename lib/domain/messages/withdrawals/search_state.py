"""The progress of the search for the messages of a recall, in one part of the list."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lib.domain.messages.withdrawals.recall import RecallOutcome
from lib.domain.shared.identifiers import MessageId

SEARCHES: Final = (
    timedelta(0),
    timedelta(seconds=30),
    timedelta(minutes=10),
    timedelta(hours=2),
    timedelta(days=1),
    timedelta(days=7),
)
"""The times of the searches after the request.

A message is in the list ten seconds after its acceptance. If the process that accepted it died
before that, the message comes into the list with its fan-out, which an outage may delay for days.
"""
SEARCHES_UNTIL_DONE: Final = 2
"""The searches after which the recall is done; the later ones only look for such late messages."""
MAX_NAMED: Final = 100
"""The most messages of a part that are named as not withdrawn."""
START: Final = MessageId("0")


@dataclass(frozen=True, slots=True)
class SearchState:
    """The state of one part. `search`: the number of ended searches. `cursor`: the last message."""

    search: int = 0
    cursor: MessageId = START
    counts: Mapping[str, int] = field(default_factory=dict)
    not_withdrawn: Mapping[MessageId, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether no search is left."""
        return self.search >= len(SEARCHES)

    @property
    def is_done(self) -> bool:
        """Whether the recall is done as far as this part."""
        return self.search >= SEARCHES_UNTIL_DONE

    def begins_at(self, created_at: datetime) -> datetime:
        """Return when the next search begins."""
        return created_at + SEARCHES[self.search]

    def after(
        self, outcomes: Mapping[MessageId, RecallOutcome], cursor: MessageId | None
    ) -> "SearchState":
        """Return the state after a page. `cursor`: its last message, None after the last page."""
        counts = Counter(self.counts)
        counts.update(one.value for one in outcomes.values())
        failed = {id_: one.value for id_, one in outcomes.items() if one != "WITHDRAWN"}
        named = dict([*self.not_withdrawn.items(), *failed.items()][:MAX_NAMED])
        if cursor is None:
            return SearchState(self.search + 1, START, counts, named)
        return SearchState(self.search, cursor, counts, named)
