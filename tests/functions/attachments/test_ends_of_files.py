"""A file goes with its message, unless its citizen keeps it."""

from datetime import timedelta

import pytest

from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from tests.functions.attachments.file_calls import blobs, deliver, download, ready, send, state
from tests.functions.documents.kept_calls import content, keep, remove
from tests.stack import Stack

DAY = timedelta(days=1)


async def pass_days(stack: Stack, days: int) -> None:
    """Let days pass, with a sweep on each."""
    for _ in range(days):
        stack.clock.advance(DAY)
        await sweep.tick(stack.app)


async def bin_it(stack: Stack, id_: str) -> None:
    """Let the citizen delete a message."""
    change = {"change_type": "binning", "is_binned": True}
    path = {"id": id_}
    reply = await stack.call("change_message_status", change, path=path, citizen=CITIZEN)
    assert reply.status == 200, reply


async def test_the_file_of_a_delivered_message_stays(stack: Stack) -> None:
    """As the message does."""
    file = await ready(stack)
    id_ = await deliver(stack, file)

    await pass_days(stack, 100)

    assert (await download(stack, id_, file)).status == 200


@pytest.mark.parametrize("citizen", ["INBOFF00A00A000A", "NOPROF00A00A000A"])
async def test_the_file_of_a_rejected_message_goes(stack: Stack, citizen: str) -> None:
    """Within two days."""
    await deliver(stack, await ready(stack), fiscal_code=citizen)
    assert len(blobs(stack)) == 1

    await pass_days(stack, 2)

    assert blobs(stack) == []


async def test_the_file_of_a_withdrawn_message_goes_unless_it_was_read(stack: Stack) -> None:
    """A citizen who read the message has it, with what came with it."""
    read, unread = [await deliver(stack, await ready(stack)) for _ in range(2)]
    change = {"change_type": "reading", "is_read": True}
    await stack.call("change_message_status", change, path={"id": read}, citizen=CITIZEN)
    messages = [f"{CITIZEN}/{read}", f"{CITIZEN}/{unread}"]
    await stack.call("withdraw_messages", {"reason": "un errore", "messages": messages})
    await stack.drain()

    await pass_days(stack, 2)

    assert len(blobs(stack)) == 1


async def test_the_file_of_a_deleted_message_goes_after_the_bin(stack: Stack) -> None:
    """In the bin it can be read; once the message is gone, within a month and two days."""
    file = await ready(stack)
    id_ = await deliver(stack, file)
    await bin_it(stack, id_)
    assert (await download(stack, id_, file)).status == 200

    await pass_days(stack, 30)
    assert (await download(stack, id_, file)).status == 404
    await pass_days(stack, 32)

    assert blobs(stack) == []


async def test_a_kept_file_stays_until_it_is_removed(stack: Stack) -> None:
    """Whatever becomes of its message."""
    file = await ready(stack)
    id_ = await deliver(stack, file)
    assert (await keep(stack, file, message_id=id_)).status == 200
    await bin_it(stack, id_)

    await pass_days(stack, 70)
    assert (await content(stack, file)).status == 200
    assert (await remove(stack, file)).status == 204
    await pass_days(stack, 32)

    assert blobs(stack) == []


async def test_a_file_that_is_kept_while_it_is_retired_stays(stack: Stack) -> None:
    """The last look finds it."""
    file = await ready(stack)
    id_ = await deliver(stack, file)
    assert (await keep(stack, file, message_id=id_)).status == 200
    stored = stack.app.attachments.stored
    await stored.change(file, lambda found: found.retired(stack.clock.now()))

    await pass_days(stack, 3)

    assert (await content(stack, file)).status == 200


async def test_a_file_of_a_message_that_was_never_stored_is_free_again(stack: Stack) -> None:
    """Another message takes it after ten minutes; without one it is deleted."""
    first, second = await ready(stack), await ready(stack)
    for one in (first, second):
        stored = stack.app.attachments.stored
        now = stack.clock.now()
        lost = MessageId("01KAR9ZZZZZZZZZZZZZZZZZZZZ")
        await stored.change(one, lambda found: found.attached(CITIZEN, lost, now))  # noqa: B023
    assert (await send(stack, first)).status == 409

    stack.clock.advance(timedelta(minutes=11))
    assert (await send(stack, first)).status == 201
    await stack.drain()
    await pass_days(stack, 2)

    assert len(blobs(stack)) == 1


async def test_an_erasure_deletes_all_files_of_a_citizen(stack: Stack) -> None:
    """Those of messages and those that were kept; another citizen's stay."""
    mine, kept, theirs = [await ready(stack) for _ in range(3)]
    id_ = await deliver(stack, mine, kept)
    await keep(stack, kept, message_id=id_)
    await deliver(stack, theirs, fiscal_code="RSSMRA80A01H501U")

    await stack.app.personal_data.erase_attachments(CITIZEN)

    assert len(blobs(stack)) == 1
    assert (await state(stack, theirs))["status"] == "ATTACHED"
    for one in (mine, kept):
        assert (await stack.call("read_attachment", path={"id": one})).status == 404
