"""Every message of a batch gets the files that the batch names."""

from datetime import timedelta
from typing import Any, Final

import pytest

from functions.timers.operations import sweep
from lib.domain.shared.identifiers import BatchId, MessageId
from tests.functions.attachments.file_calls import (
    PDF,
    announced,
    blobs,
    download,
    ready,
    send,
    state,
    upload,
)
from tests.functions.batches.batch_calls import (
    CITIZENS,
    CONTENT,
    LETTER,
    ask,
    checked,
    make,
    sent,
    table,
    with_citizens,
)
from tests.functions.batches.batch_calls import state as batch_state
from tests.functions.batches.notice_rows import HEADER, in_parts
from tests.stack import Stack, refusal

ROWS: Final = [[citizen] for citizen in CITIZENS[:2]]
DAY: Final = timedelta(days=1)


async def of_rows(stack: Stack, batch: str) -> dict[str, MessageId]:
    """Return the message of each citizen."""
    rows = await table(stack, "read_batch_results_file", batch)
    return {one["fiscal_code"]: MessageId(one["message_id"]) for one in rows}


@pytest.mark.parametrize("content", [CONTENT, LETTER])
async def test_every_citizen_downloads_the_file_of_a_batch(
    stack: Stack, content: dict[str, Any]
) -> None:
    """It is stored once, also beside a text of each row; nobody else can have it."""
    await with_citizens(stack)
    file = await ready(stack)
    header = ("codice_fiscale", "nome")
    rows = [[one, "Ada"] for one in CITIZENS[:2]]

    batch = await sent(stack, rows, header=header, content=content, attachments=[file])

    shown = {**announced(PDF), "id": file, "content_type": "application/pdf"}
    assert (await batch_state(stack, batch))["attachments"] == [shown]
    for citizen, message in (await of_rows(stack, batch)).items():
        path = {"id": message}
        opened = (await stack.call("read_message", path=path, citizen=citizen)).body
        assert opened["attachments"] == [shown]
        third = await stack.call("read_remote_message", path=path, citizen=citizen)
        assert third.body["third_party_message"] == {
            "attachments": [
                {
                    "id": file,
                    "url": file,
                    "name": shown["name"],
                    "content_type": shown["content_type"],
                    "category": "DOCUMENT",
                }
            ],
            "details": {name: opened["content"][name] for name in ("subject", "markdown")},
        }
        assert (await download(stack, message, file, citizen=citizen)).body == PDF
    assert len(blobs(stack)) == 1
    assert (await state(stack, file))["status"] == "SHARED"
    assert (await send(stack, file)).status == 409
    other = await stack.call(
        "create_batch", {"name": "x", "content": CONTENT, "attachments": [file]}
    )
    assert refusal(other)[2] == "The file is SHARED, and not READY."
    assert (await stack.call("discard_attachment", path={"id": file})).status == 409


async def test_a_row_with_instalments_has_the_file_of_its_batch(stack: Stack) -> None:
    """In the message that the row becomes."""
    await with_citizens(stack)
    file = await ready(stack)

    batch = await sent(stack, [in_parts()], header=HEADER, attachments=[file])

    ((citizen, message),) = (await of_rows(stack, batch)).items()
    assert (await download(stack, message, file, citizen=citizen)).body == PDF


async def test_the_file_of_a_batch_stays_for_its_messages(stack: Stack) -> None:
    """As their text does, whatever becomes of the batch."""
    await with_citizens(stack)
    file = await ready(stack)
    messages = await of_rows(stack, await sent(stack, ROWS, attachments=[file]))
    for days in (2, 40, 400):
        stack.clock.advance(days * DAY)
        await sweep.tick(stack.app)

    for citizen, message in messages.items():
        assert (await download(stack, message, file, citizen=citizen)).body == PDF


async def test_the_file_of_a_batch_that_nobody_sends_is_deleted(stack: Stack) -> None:
    """It waits as long as the batch; the sender sees where it stands."""
    file = await ready(stack)
    batch = await checked(stack, ROWS, attachments=[file])
    for _ in range(9):
        stack.clock.advance(DAY)
        await sweep.tick(stack.app)
    assert (await state(stack, file))["status"] == "SHARED"

    assert (await ask(stack, "cancel_batch", batch)).status == 202
    for _ in range(3):
        stack.clock.advance(DAY)
        await sweep.tick(stack.app)

    assert (await stack.call("read_attachment", path={"id": file})).status == 404
    assert blobs(stack) == []


async def test_the_file_of_a_batch_that_was_not_stored_is_free_again(stack: Stack) -> None:
    """Its request died between its writes, and was not repeated; another batch may have it."""
    file = await ready(stack)
    attach = stack.app.attachments.attach
    stored = await stack.app.attachments.stored.get(file)
    await attach.to_batch((stored.file,), BatchId("01J0000000000000000000000A"))
    body = {"name": "TARI", "content": CONTENT, "attachments": [file]}
    assert (await stack.call("create_batch", body)).status == 409

    stack.clock.advance(2 * DAY)
    await sweep.tick(stack.app)

    assert (await state(stack, file))["status"] == "READY"
    headers = {"idempotency-key": "batch-1"}
    replies = [await stack.call("create_batch", body, headers=headers) for _ in range(2)]
    assert [one.status for one in replies] == [201, 201]
    assert replies[0].body == replies[1].body


async def test_a_wrong_file_is_refused_and_the_others_stay_free(stack: Stack) -> None:
    """The refusal names it."""
    good, waiting = await ready(stack), await upload(stack)
    for wrong, status in (
        ("01J0000000000000000000000A", 404),
        (waiting, 409),
        (good, 400),
    ):
        body = {"name": "TARI", "content": CONTENT, "attachments": [good, wrong]}
        assert (await stack.call("create_batch", body)).status == status

    assert (await state(stack, good))["status"] == "READY"
    assert await make(stack, attachments=[good])
