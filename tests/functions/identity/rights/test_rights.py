"""A matrix of every endpoint and every credential: nobody reads or changes what is another's.

Each endpoint has cases (sender_cases.py, batch_cases.py, manager_cases.py, other_cases.py): a
request that names the things of one owner. Each credential makes the request. A caller without the
right is refused, or acts for itself alone; it reads nothing of another's, and nothing of another's
changes, also not after the background work. A new endpoint fails the first test until it has cases.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from functions.declared import ENDPOINTS
from functions.http.contract.policies import Citizens
from infra.local.sandbox.seed import CITIZEN
from tests.functions.identity.rights import (
    batch_cases,
    manager_cases,
    other_cases,
    sender_cases,
)
from tests.functions.identity.rights.callers import (
    CALLERS,
    INTERMEDIARY,
    LOG,
    REPRESENTATIVES,
    SERVICE,
    WITH_THINGS,
)
from tests.functions.identity.rights.cases import OWN, Case
from tests.functions.identity.rights.snapshot import Place, Snapshot, changed
from tests.functions.identity.rights.world import World
from tests.stack import Reply

ROWS: Final[Mapping[str, tuple[Case, ...]]] = {
    **sender_cases.ROWS,
    **batch_cases.ROWS,
    **manager_cases.ROWS,
    **other_cases.ROWS,
}
SCHEMES: Final = {one.name: one.policy.scheme for one in ENDPOINTS}
RIGHTS: Final = {
    one.name: one.policy.delegates.right for one in ENDPOINTS if isinstance(one.policy, Citizens)
}
"""The rights that delegates need; None where no delegate is admitted."""
METHODS: Final = {one.name: one.method for one in ENDPOINTS}
ALL: Final = [(name, index) for name, cases in ROWS.items() for index in range(len(cases))]
HOLDERS: Final = {
    (name, n): tuple(one for one in CALLERS if ROWS[name][n].is_held_by(one, RIGHTS.get(name)))
    for name, n in ALL
}
HELD: Final = [
    (name, n, callers)
    for (name, n), holders in HOLDERS.items()
    # what reads changes nothing for the next holder; what writes begins in a world of its own
    for callers in ([holders] if METHODS[name] == "GET" else [(one,) for one in holders])
    if callers
]
ACCESSES: Final = "access-log"
"""The log of a citizen, which tells of each call that was accepted."""
COUNTERS: Final = frozenset({"sent-messages", "statistics", "daily-limits", "organization-days"})
"""Containers in which a caller's own message adds to the counts of a service or a citizen."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Prepare the world once."""

    async def prepare() -> World:
        world = await World(tmp_path_factory.mktemp("world")).prepare()
        await world.app.close()
        return world

    return asyncio.run(prepare())


@pytest.fixture
async def world(prepared: World, tmp_path: Path) -> AsyncIterator[World]:
    """Give a copy of the world."""
    world = prepared.copied(tmp_path)
    yield world
    world.snapshots.close()
    await world.app.close()


def test_each_endpoint_has_cases() -> None:
    """The matrix has every endpoint of the app, and no other."""
    assert ROWS.keys() == SCHEMES.keys()
    assert all(ROWS.values())


@pytest.mark.parametrize(("name", "index"), ALL)
async def test_nobody_reads_or_changes_what_is_another_s(
    world: World, name: str, index: int
) -> None:
    """Each caller without the right gets the status of its cell, and nothing of another's."""
    case = ROWS[name][index]
    after = world.snapshot()
    for caller in CALLERS:
        expected = case.expected(SCHEMES[name], caller, RIGHTS.get(name))
        # elsewhere the token of a representative is like that of a delegate
        if expected is None or (caller in REPRESENTATIVES and name not in RIGHTS):
            continue
        before = after

        reply = await ask(world, caller, name, case)

        assert is_as_expected(reply, expected), (caller, expected, reply)
        assert not leaked(world, caller, case, reply), (caller, reply)
        if reply.status >= 400 or METHODS[name] == "GET":
            after = world.snapshot()
            places = changed(before, after)
            written = {ACCESSES, *case.shared} if reply.status < 400 else set()
            assert not [one for one in places if one.container not in written], caller
            continue
        await world.drain()
        after = world.snapshot()
        shared = {ACCESSES, *COUNTERS, *case.shared}
        assert not harmed(world, caller, before, after, shared), caller
    for caller in CALLERS:
        if not case.like or caller in WITH_THINGS:
            continue
        if case.expected(SCHEMES[name], caller, RIGHTS.get(name)) == OWN:
            own, like = [await ask(world, one, name, case) for one in (caller, case.like)]
            assert own.body == like.body, caller


@pytest.mark.parametrize(
    ("name", "index", "callers"),
    HELD,
    ids=[f"{name}-{n}-{callers[0] if len(callers) == 1 else 'all'}" for name, n, callers in HELD],
)
async def test_who_has_the_right_is_admitted(
    world: World, name: str, index: int, callers: tuple[str, ...]
) -> None:
    """The same request succeeds for each holder: no other reason refuses it to the others."""
    case = ROWS[name][index]
    things = world.things[case.owner]
    for caller in callers:
        reply = await ask(world, caller, name, case)

        assert reply.status < 300, (caller, reply)
        assert all(things[thing] in text_of(reply) for thing in case.shows), (caller, reply)
        assert not leaked(world, caller, case, reply), (caller, reply)


async def test_a_snapshot_has_what_was_written_since_the_last_one(world: World) -> None:
    """A document that is created and one that is changed, and a file of the same length."""
    path = {"installation_id": "another"}
    file = world.folder / "a-file"
    file.write_text("one")
    for channel in ("channel-1", "channel-2"):
        before = world.snapshot()
        assert not changed(before, world.snapshot())
        body = {"platform": "fcmv1", "pushChannel": channel}
        reply = await world.call("register_installation", body, path=path, citizen=CITIZEN)
        assert reply.status == 200, reply
        file.write_text("two" if channel == "channel-1" else "six")
        assert {"files", "installations"} <= {
            one.container for one in changed(before, world.snapshot())
        }


@pytest.mark.parametrize("caller", [SERVICE, INTERMEDIARY])
async def test_a_report_counts_the_messages_of_the_list(world: World, caller: str) -> None:
    """A service counts all of its messages, an intermediary those that it sent."""
    listed = (await world.ask(caller, "list_sent_messages")).body["items"]
    report = (await world.ask(caller, "read_message_report")).body

    ids, of_intermediary = {one["id"] for one in listed}, world.secrets[LOG]
    assert ids == of_intermediary if caller == INTERMEDIARY else ids > of_intermediary
    # a scheduled message is no sent one, and counts on the day of its set time
    waiting = [one for one in listed if one["status"] == "SCHEDULED"]
    assert report["totals"]["sent"] == len(ids) - len(waiting)


async def ask(world: World, caller: str, name: str, case: Case) -> Reply:
    """Make the request of the case."""
    return await world.ask(
        caller,
        name,
        filled(case.body, world, case),
        path=filled(case.path, world, case),
        query=filled(case.query, world, case),
        headers=filled(case.headers, world, case),
    )


def filled(value: Any, world: World, case: Case) -> Any:
    """Return the value with the things of the owner in place of their names."""
    text = json.dumps(value)
    for name, thing in world.things.get(case.owner, {}).items():
        text = text.replace(f"<{name}>", thing)
    return json.loads(text)


def text_of(reply: Reply) -> str:
    """Return all that the caller reads."""
    return f"{reply.body} {dict(reply.headers)}"


def is_as_expected(reply: Reply, expected: int) -> bool:
    """Tell whether the status is that of the cell."""
    return reply.status < 300 if expected == OWN else reply.status == expected


def leaked(world: World, caller: str, case: Case, reply: Reply) -> set[str]:
    """Return what the caller reads of others, without what its own request had."""
    asked = json.dumps(
        [filled(one, world, case) for one in (case.path, case.body, case.query, case.headers)]
    )
    text, sees = text_of(reply), CALLERS[caller].sees
    foreign = {one for owner, all_ in world.secrets.items() if owner not in sees for one in all_}
    return {one for one in foreign if one in text and one not in asked}


def harmed(
    world: World, caller: str, before: Snapshot, after: Snapshot, shared: set[str]
) -> set[Place]:
    """Return the places with another's things that have changed or gone, without shared ones."""
    sees = CALLERS[caller].sees
    foreign = {
        one.encode() for owner, all_ in world.secrets.items() if owner not in sees for one in all_
    }
    places = changed(before, after)
    return {
        place
        for place in places & before.keys()
        if place.container not in shared
        and any(one in before[place] + repr(place).encode() for one in foreign)
    }
