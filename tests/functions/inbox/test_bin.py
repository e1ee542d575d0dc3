"""A citizen deletes a message: it is in the bin for some days, and then gone."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import PreconditionFailedError
from lib.repositories.inbox.bin import Bin
from lib.repositories.inbox.bin_sweeps import Binned, BinSweeps
from lib.repositories.messages.messages import Messages
from tests.builders.altered import with_message
from tests.builders.messages import a_message
from tests.functions.messages.inbox_calls import change, page
from tests.stack import Stack
from tests.stored import stored_message

DUE = {"due_date": "2026-12-20T22:59:59Z"}
DAYS = timedelta(days=30)


async def ids(stack: Stack, **query: str) -> list[str]:
    """Return the ids of a list."""
    return [item["id"] for item in (await page(stack, **query))["items"]]


async def move(stack: Stack, id_: str, *, is_binned: bool) -> int:
    """Move a message to the bin or back; return the status of the answer."""
    reply = await change(stack, id_, change_type="binning", is_binned=is_binned)
    return int(reply.status)


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_deleted_message_is_in_the_bin_alone(stack: Stack, is_archived: bool) -> None:
    """It leaves its list, can be opened, and comes back to where it was."""
    id_ = await stack.deliver()
    await change(stack, id_, change_type="archiving", is_archived=is_archived)
    where = {"archived": "true"} if is_archived else {}

    reply = await change(stack, id_, change_type="binning", is_binned=True)
    assert reply.body["binned_until"] == "2026-12-23T09:00:00.000Z"
    assert await ids(stack) == await ids(stack, archived="true") == []
    assert await ids(stack, binned="true") == [id_]
    opened = await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)
    assert opened.status == 200

    assert await move(stack, id_, is_binned=False) == 200
    assert (await ids(stack, **where), await ids(stack, binned="true")) == ([id_], [])


async def test_a_repeated_move_changes_nothing(stack: Stack) -> None:
    """The time in the bin counts from the first move."""
    id_ = await stack.deliver()
    assert await move(stack, id_, is_binned=False) == 200
    assert await move(stack, id_, is_binned=True) == 200
    until = (await stored_message(stack, id_)).binned_until
    stack.clock.advance(timedelta(days=3))

    assert await move(stack, id_, is_binned=True) == 200
    assert (await stored_message(stack, id_)).binned_until == until


async def test_after_its_days_a_message_is_gone_for_its_citizen_alone(stack: Stack) -> None:
    """It is gone at once, before the sweep; its sender reads it as before."""
    id_ = await stack.deliver()
    await move(stack, id_, is_binned=True)
    stack.clock.advance(DAYS - timedelta(seconds=1))
    assert await ids(stack, binned="true") == [id_]
    stack.clock.advance(timedelta(seconds=1))

    for _ in range(2):
        assert await ids(stack, binned="true") == []
        assert await move(stack, id_, is_binned=False) == 404
        opened = await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)
        assert opened.status == 404
        sent = await stack.call("read_sent_message", path={"fiscal_code": CITIZEN, "id": id_})
        assert (sent.status, sent.body["status"]) == (200, "PROCESSED")
        found = await stack.call("search_sent_messages", {"fiscal_code": CITIZEN})
        assert [one["id"] for one in found.body["items"]] == [id_]
        await stack.app.inbox.empty_bins()
    assert (await stored_message(stack, id_)).status == "REMOVED"
    assert await stack.app.inbox.empty_bins() == 0


async def test_the_sweep_leaves_what_came_back(stack: Stack) -> None:
    """A message that was brought back after the sweep found it stays in the inbox."""
    id_ = await stack.deliver()
    await move(stack, id_, is_binned=True)
    await move(stack, id_, is_binned=False)

    message = await stored_message(stack, id_)
    await BinSweeps(stack.store).remove(Binned(message.fiscal_code, id_), stack.clock.now() + DAYS)

    assert await ids(stack) == [id_]


async def test_the_sender_sees_no_difference(stack: Stack) -> None:
    """A message in the bin can be withdrawn, and leaves it."""
    id_ = await stack.deliver()
    path = {"fiscal_code": CITIZEN, "id": id_}
    before = await stack.call("read_sent_message", path=path)
    await move(stack, id_, is_binned=True)
    after = await stack.call("read_sent_message", path=path)

    reply = await stack.call("withdraw_message", {"reason": "Importo sbagliato"}, path=path)

    assert before.body == after.body
    assert reply.status == 200
    assert await ids(stack, binned="true") == []
    assert await move(stack, id_, is_binned=False) == 404


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_withdrawn_message_does_not_occupy_the_sweep(
    stack: Stack, *, is_read: bool
) -> None:
    """Thousands of citizens may delete a wrong message before its sender withdraws it."""
    id_ = await stack.deliver(content=a_message(content=DUE)["content"])
    if is_read:
        await change(stack, id_, change_type="reading", is_read=True)
    await move(stack, id_, is_binned=True)
    path = {"fiscal_code": CITIZEN, "id": id_}
    assert (await stack.call("withdraw_message", {"reason": "-"}, path=path)).status == 200

    stack.clock.advance(DAYS)
    assert await stack.app.inbox.empty_bins() == 0
    assert (await stored_message(stack, id_)).status == "WITHDRAWN"


async def test_reminders_stop_in_the_bin_and_come_again_outside(stack: Stack) -> None:
    """A message in the bin has no next reminder; one that comes back has."""
    id_ = await stack.deliver(content=a_message(content=DUE)["content"])
    planned = (await stored_message(stack, id_)).reminders.next

    await move(stack, id_, is_binned=True)
    assert (await stored_message(stack, id_)).reminders.next is None
    await stack.live_until(stack.clock.now() + timedelta(days=1))
    await move(stack, id_, is_binned=False)
    pushes = len(stack.push.sent)

    assert planned is not None
    assert (await stored_message(stack, id_)).reminders.next == planned
    await stack.live_until(planned.at + timedelta(minutes=10))
    assert len(stack.push.sent) == pushes + 1


async def test_no_reminder_comes_of_a_message_in_the_bin(stack: Stack) -> None:
    """The due date passes without a push."""
    id_ = await stack.deliver(content=a_message(content=DUE)["content"])
    pushes = len(stack.push.sent)
    await move(stack, id_, is_binned=True)

    await stack.live_until(stack.clock.now() + timedelta(days=28))

    assert len(stack.push.sent) == pushes


async def test_a_payment_is_noted_in_the_bin(stack: Stack) -> None:
    """A message that comes back shows that it was paid meanwhile."""
    id_ = await stack.deliver()
    await move(stack, id_, is_binned=True)
    await with_message(stack, id_, payment_status="PAID", amount=1)
    await move(stack, id_, is_binned=False)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]
    assert item["payment_status"] == "PAID"


async def test_a_message_that_changes_meanwhile_is_read_again(stack: Stack) -> None:
    """A move needs the message as it was read."""
    id_ = await stack.deliver()
    stored = await Messages(stack.store).stored(CITIZEN, id_)
    await change(stack, id_, change_type="reading", is_read=True)

    with pytest.raises(PreconditionFailedError):
        await Bin(stack.store).put(stored, "2026-12-23T09:00:00.000Z")
    assert await move(stack, id_, is_binned=True) == 200
    assert (await stored_message(stack, id_)).is_read


@pytest.mark.parametrize("change_type", ["reading", "archiving", "starring"])
async def test_a_message_in_the_bin_is_not_changed(stack: Stack, change_type: str) -> None:
    """It must be brought back first."""
    id_ = await stack.deliver()
    await move(stack, id_, is_binned=True)
    flag = {"reading": "is_read", "archiving": "is_archived", "starring": "is_starred"}[change_type]

    body: dict[str, Any] = {"change_type": change_type, flag: True}

    reply = await change(stack, id_, **body)

    assert reply.status == 404
