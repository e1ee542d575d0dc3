"""A matrix of every endpoint that writes and every caller with less than the whole right to it.

A new endpoint that writes has no row, and fails the first test until its area's authority.py has
one.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.services.service import ANY_PAYEE, Group
from tests.builders.authority import (
    CITIZENS,
    LINKS,
    MANAGERS,
    MAY,
    OPERATORS,
    PAYEE,
    RPT_ID,
    SENDERS,
)
from tests.builders.payment_notices import NUMBER, a_notice
from tests.builders.services import with_groups
from tests.functions.identity.authority_world import ROWS, WRITING, World
from tests.functions.messages.authority import SUBMISSION
from tests.functions.payments.authority import EVENT
from tests.stack import Stack

WRITES: Final = ("create", "upsert", "replace", "patch", "delete", "batch", "put")
_CALLERS: Final = {
    "SenderKey": SENDERS,
    "ManageKey": MANAGERS,
    "OperatorKey": OPERATORS,
    "CitizenToken": CITIZENS,
    None: LINKS,
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Prepare the world once: its citizen has a message, settings and a device."""

    async def prepare() -> World:
        world = World(tmp_path_factory.mktemp("world"))
        await world.start()
        await world.prepare()
        await world.app.close()
        return world

    return asyncio.run(prepare())


@pytest.fixture
async def world(prepared: World, tmp_path: Path) -> AsyncIterator[World]:
    """Give a copy of the world."""
    world = prepared.copied(tmp_path)
    yield world
    await world.app.close()


def test_each_endpoint_that_writes_has_a_row_with_each_caller() -> None:
    """The matrix has each endpoint that writes, and each of its restricted callers."""
    assert ROWS.keys() == WRITING.keys()
    for name, row in ROWS.items():
        is_public = WRITING[name].policy.scheme is None and not WRITING[name].parameters
        expected = () if is_public else _CALLERS[WRITING[name].policy.scheme]
        assert set(row.cells) == set(expected), name


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if any(row.cells.values())])
async def test_a_caller_with_less_than_the_whole_right_changes_nothing(
    world: World, name: str
) -> None:
    """Each restricted caller gets the status of its cell, and nothing is written."""
    before = await world.state()
    for caller, expected in ROWS[name].cells.items():
        if expected == MAY:
            continue

        reply = await world.ask(name, caller)

        assert reply.status == expected, (caller, reply)
        if caller in CITIZENS:
            assert await world.state() == before, caller
        else:
            assert not [one for one in WRITES if world.calls[one]], caller


@pytest.mark.parametrize(
    ("name", "caller"),
    [(name, one) for name, row in ROWS.items() for one in row.cells if row.cells[one] == MAY],
)
async def test_a_caller_that_may_acts_for_itself_alone(
    world: World, name: str, caller: str
) -> None:
    """It succeeds, and another citizen changes nothing of the citizen's."""
    before = await world.state()

    reply = await world.ask(name, caller)

    assert reply.status < 300, reply
    if caller in CITIZENS:
        assert await world.state() == before


@pytest.mark.parametrize("name", ["submit_message", "submit_payment_notice"])
async def test_every_payee_is_for_payment_updates_alone(stack: Stack, name: str) -> None:
    """The wildcard for payees allows payment updates, and no requests for payments."""
    key = await with_groups(stack, *Group, authorized_payees=[ANY_PAYEE],
                            authorized_recipients=[CITIZEN])  # fmt: skip

    asked = await stack.call(name, SUBMISSION if name == "submit_message" else
                             a_notice(payee=PAYEE), key=key)  # fmt: skip
    told = await stack.call("update_payment", EVENT, path={"rpt_id": RPT_ID}, key=key)

    assert (asked.status, told.status) == (403, 200)
    assert PAYEE in asked.body["detail"]


async def test_a_service_updates_payments_of_its_own_organisation(stack: Stack) -> None:
    """A service with the group updates its own organisation's payments without a list of payees."""
    key = await with_groups(stack, Group.PAYMENT_UPDATE, authorized_payees=[])

    own = await stack.call(
        "update_payment", EVENT, path={"rpt_id": f"01234567890{NUMBER}"}, key=key
    )
    foreign = await stack.call("update_payment", EVENT, path={"rpt_id": RPT_ID}, key=key)

    assert (own.status, foreign.status) == (200, 403)
    assert PAYEE in foreign.body["detail"]
