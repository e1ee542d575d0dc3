"""Store the calls that processes report: a document for each subscription and half minute."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from lib.domain.limits.call_window import SLOTS_PER_SECOND
from lib.ports.documents import Document, DocumentStore, PatchOperation
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import CALL_COUNTS
from lib.repositories.shared.optimistic import until_written

PERIOD_SLOTS: Final = 30 * SLOTS_PER_SECOND


class PeriodCounts(NamedTuple):
    """The calls that all processes have reported in a period, by slot.

    `processes`: the number of processes with a report. `warnings`: the number of reports that came
    with a warning.
    """

    calls: Mapping[int, int]
    processes: int = 0
    warnings: int = 0


def period_of(slot: int) -> int:
    """Return the number of the half minute of a slot."""
    return slot // PERIOD_SLOTS


def first_slot(period: int) -> int:
    """Return the number of the first slot of a period."""
    return period * PERIOD_SLOTS


class CallCounts:
    """Add reports to a period's counts, and read them. The documents expire by themselves.

    Concurrency: each report is an increment, so no report is lost. An engine that sends a report
    twice counts its calls twice.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def add(
        self,
        subscription_id: str,
        period: int,
        report: Mapping[int, int],
        *,
        joins: bool,
        warns: bool,
    ) -> PeriodCounts:
        """Add a report to the counts of the period, and return them.

        `report`: calls by slot, of at most 8 slots of the period. `joins`: whether it is the first
        report of this process in the period. `warns`: whether the report comes with a warning.
        Raise UnavailableError. Cost: one patch; one operation more for the first report of all.
        """
        start = first_slot(period)
        slots = {str(slot - start): count for slot, count in report.items()}
        operations = [
            PatchOperation("incr", f"/calls/{slot}", count) for slot, count in slots.items()
        ]
        if joins:
            operations.append(PatchOperation("incr", "/processes", 1))
        if warns or not operations:
            operations.append(PatchOperation("incr", "/warnings", int(warns)))

        async def attempt() -> Document:
            try:
                stored = await self._store.patch(
                    CALL_COUNTS, subscription_id, str(period), operations
                )
            except NotFoundError:
                stored = await self._store.create(
                    CALL_COUNTS,
                    {
                        "id": str(period),
                        "subscription_id": subscription_id,
                        "calls": slots,
                        "processes": 1,
                        "warnings": int(warns),
                    },
                )
            return stored.document

        return _counts(period, await until_written("a count of calls", attempt))

    async def read(self, subscription_id: str, period: int) -> PeriodCounts:
        """Return the counts of the period. Cost: one point read."""
        try:
            stored = await self._store.read(CALL_COUNTS, subscription_id, str(period))
        except NotFoundError:
            return PeriodCounts({})
        return _counts(period, stored.document)


def _counts(period: int, document: Document) -> PeriodCounts:
    start = first_slot(period)
    calls = {start + int(slot): count for slot, count in document["calls"].items()}
    return PeriodCounts(calls, document["processes"], document["warnings"])
