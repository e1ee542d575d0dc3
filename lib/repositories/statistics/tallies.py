"""Count documents by their tally when the counts are read, and store the counts of a week."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from lib.domain.shared.identifiers import ServiceId
from lib.domain.statistics.weeks import (
    may_be_unfolded,
    tallies_between,
    tally_parts,
    week_of,
    weeks_between,
)
from lib.ports.documents import DAY_SECONDS, Condition, Container, Document, DocumentStore, Query
from lib.ports.errors import ConflictError

TALLY: Final = "tally"
"""The field of a document that is counted: its day and its counter."""
KEPT_TTL: Final = 3 * 366 * DAY_SECONDS
_WEEK: Final = "week-"
_SIX_DAYS: Final = timedelta(days=6)
_MAX_WEEKS: Final = 60
"""More weeks than a period has."""


class Tallies:
    """The counts of one container, whose partitions are the parts of services.

    A part's documents have a `tally`. The folded weeks of a service are in a partition of their
    own, one document for each week.
    """

    def __init__(self, store: DocumentStore, container: Container) -> None:
        self._store = store
        self._container = container

    async def fold(self, service_id: ServiceId, parts: Sequence[str], week: date) -> None:
        """Store the counts of a week in which nothing is counted any more.

        Cost: one query for each part, and one create.
        Concurrency: a repeated fold changes nothing. Each fold of a week has the same counts, as
        long as the counted documents live.
        """
        counts = Counter[str]()
        # nobody waits for a fold, and the count of a part has the time of one operation
        for part in parts:
            counts.update(await self._count(part, week, week + _SIX_DAYS))
        document: Document = {
            "id": f"{_WEEK}{week}",
            self._container.partition_key: _weeks(service_id),
            "ttl": KEPT_TTL,
            "counters": counts,
        }
        try:
            await self._store.create(self._container, document)
        except ConflictError:
            # another run of the item was here
            return

    async def read(
        self, service_id: ServiceId, parts: Sequence[str], first: date, last: date, today: date
    ) -> dict[date, Counter[str]]:
        """Return the counters of the days from `first` to `last`.

        Cost: one query for the folded weeks; if a week of the last COUNTED_DAYS is not folded, one
        query more for each part, which reads the index entry of each counted document.
        Concurrency: a fold at the same time changes nothing, since what it folds stays.
        """
        days: dict[date, Counter[str]] = {}

        def add(counts: dict[str, int], weeks: Sequence[date] | None = None) -> None:
            for tally, count in counts.items():
                text, name = tally_parts(tally)
                day = date.fromisoformat(text)
                if first <= day <= last and (weeks is None or week_of(day) in weeks):
                    days.setdefault(day, Counter())[name] += count

        weeks = weeks_between(first, last)
        folded = await self._folded(service_id, weeks)
        for counters in folded.values():
            add(counters)
        unfolded = [one for one in weeks if one not in folded and may_be_unfolded(one, today)]
        if not unfolded:
            return days
        period = max(first, unfolded[0]), last
        for counts in await asyncio.gather(*(self._count(part, *period) for part in parts)):
            add(counts, unfolded)
        return days

    async def _folded(
        self, service_id: ServiceId, weeks: Sequence[date]
    ) -> dict[date, dict[str, int]]:
        where = (
            Condition("id", ">=", f"{_WEEK}{weeks[0]}"),
            Condition("id", "<=", f"{_WEEK}{weeks[-1]}"),
        )
        query = Query(_weeks(service_id), limit=_MAX_WEEKS, where=where, fields=("id", "counters"))
        found = (await self._store.query(self._container, query)).items
        return {date.fromisoformat(one["id"].removeprefix(_WEEK)): one["counters"] for one in found}

    async def _count(self, part: str, first: date, last: date) -> dict[str, int]:
        since, before = tallies_between(first, last)
        where = (Condition(TALLY, ">=", since), Condition(TALLY, "<", before))
        return await self._store.count(self._container, part, TALLY, where)


def _weeks(service_id: ServiceId) -> str:
    return f"{service_id}:weeks"
