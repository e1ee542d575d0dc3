"""A page of the inbox costs the same in a small and in a large inbox: its work is counted."""

import sqlite3
from pathlib import Path
from typing import Any, Final

import pytest

from lib.adapters.embedded.sqlite.statements import query as sqlite_query
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.adapters.embedded.sqlite.tables import Table
from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.documents import Container, Query, QueryPage
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox.counters import InboxCounters
from lib.repositories.inbox.inbox import Inbox
from lib.repositories.inbox.search.message_words import MessageWords
from lib.repositories.inbox.sources import by_id
from lib.repositories.messages.contents import Contents
from tests.builders.inboxes import ORGANIZATIONS, fill
from tests.contract.support import StillClock

CITIZEN: Final = "RSSMRA80A01H501U"
NOW: Final = "2026-11-23T09:00:00.000Z"
FILTERS: Final = {
    "none": InboxFilter(),
    "archive": InboxFilter(place="ARCHIVE"),
    "unread": InboxFilter(is_unread=True),
    "starred": InboxFilter(is_starred=True),
    "to pay": InboxFilter(is_to_pay=True),
    "service": InboxFilter(service_id=ServiceId("imu")),
    "organisation": InboxFilter(organization=OrganizationFiscalCode(ORGANIZATIONS[1])),
    "category": InboxFilter(category="PAYMENT"),
    "bin": InboxFilter(place="BIN"),
    "due": InboxFilter(due_since="2025-11-01T00:00:00.000Z", due_until="2025-11-05T00:00:00.000Z"),
    "several": InboxFilter(is_unread=True, service_id=ServiceId("imu")),
}
NEVER: Final = InboxFilter(is_unread=True, service_id=ServiceId("imu"), category="PAYMENT")
"""The builder makes no payment message of this service."""


class Counting(SQLiteStore):
    """A store that counts the steps of its queries on a connection of its own."""

    def __init__(self, path: Path, clock: StillClock) -> None:
        super().__init__(path, clock, CONTAINERS)
        self._path = path
        self.steps = 0
        self.plans: list[str] = []

    async def query(self, container: Container, query: Query) -> QueryPage:
        """Count the steps of a query, and answer it."""
        sql, parameters = sqlite_query.to_sql(Table(container), query, 0)
        connection = sqlite3.connect(self._path)
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        self.plans += [row[3] for row in plan]

        def step() -> int:
            self.steps += 1
            return 0

        connection.set_progress_handler(step, 1)
        connection.execute(sql, parameters).fetchall()
        connection.close()
        return await super().query(container, query)


def inbox_of(store: SQLiteStore) -> Inbox:
    """Return the inbox of a store."""
    return Inbox(store, MessageWords(Contents(store)))


async def cost(store: Counting, wanted: InboxFilter, **bounds: Any) -> int:
    """Return the steps of a page of 20."""
    store.steps = 0
    await inbox_of(store).page(CITIZEN, wanted, size=20, now=NOW, **bounds)
    return store.steps


async def test_a_page_costs_the_same_in_an_inbox_twenty_times_as_large(tmp_path: Path) -> None:
    """With and without filters, on the first page and in the middle."""
    store = Counting(tmp_path / "s.db", StillClock())
    ids = await fill(store, CITIZEN, 1_000)
    bounds: tuple[dict[str, Any], ...] = ({}, {"below": ids[600]}, {"above": ids[400]})
    small = {
        (name, i): await cost(store, wanted, **bound)
        for name, wanted in FILTERS.items()
        for i, bound in enumerate(bounds)
    }

    await fill(store, CITIZEN, 19_000, since=1_000)
    for name, wanted in FILTERS.items():
        for i, bound in enumerate(bounds):
            large = await cost(store, wanted, **bound)
            assert large <= 1.3 * small[name, i], (name, i, small[name, i], large)
    await store.close()


async def test_counters_cost_the_same_in_an_inbox_twenty_times_as_large(tmp_path: Path) -> None:
    """Each count ends at a hundred."""
    store = Counting(tmp_path / "s.db", StillClock())
    soon = InboxFilter(due_since="2025-11-01T00:00:00.000Z", due_until="2025-11-08T00:00:00.000Z")
    steps = []
    for since, count in ((0, 1_000), (1_000, 19_000)):
        await fill(store, CITIZEN, count, since)
        store.steps = 0
        await InboxCounters(store).count(CITIZEN, soon)
        steps.append(store.steps)

    assert steps[1] <= 1.3 * steps[0]
    await store.close()


async def test_filters_that_nothing_satisfies_examine_a_limited_number(tmp_path: Path) -> None:
    """The work does not grow with the inbox, and the page says where to go on."""
    store = Counting(tmp_path / "s.db", StillClock())
    await fill(store, CITIZEN, 10_000)
    before = await cost(store, NEVER)
    await fill(store, CITIZEN, 10_000, since=10_000)

    page = await inbox_of(store).page(CITIZEN, NEVER, size=20, now=NOW)
    assert (page.items, page.next is not None) == ([], True)
    assert await cost(store, NEVER) <= 1.01 * before
    await store.close()


@pytest.mark.parametrize("name", FILTERS)
async def test_each_filter_has_an_index(tmp_path: Path, name: str) -> None:
    """No query of a filter by one field sorts, or reads entries that it then leaves out."""
    store = Counting(tmp_path / "s.db", StillClock())
    await fill(store, CITIZEN, 100)
    await cost(store, FILTERS[name])

    assert not [plan for plan in store.plans if "TEMP B-TREE" in plan]
    equalities = max(len(where) for where in by_id(FILTERS[name]))

    if name not in {"due", "none", "archive", "bin"}:
        assert equalities == 3
        assert all(f"USING INDEX {MESSAGES.name}+" in plan for plan in store.plans)
    await store.close()
