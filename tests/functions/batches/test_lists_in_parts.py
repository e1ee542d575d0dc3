"""A long list is uploaded in numbered parts, and completed."""

import hashlib
from datetime import datetime
from typing import Final

import pytest

from lib.domain.batches.batch import Batch
from lib.domain.batches.retention import PARTS_LIFE
from lib.ports.queueing.names import BATCH_UPLOADED
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.file_sets import FileSets
from tests.functions.batches.batch_calls import CITIZENS, a_list, ask, make, state, upload
from tests.functions.batches.kept_files import complete, files, pass_days, put_part, sets, whole
from tests.stack import Stack, refusal

LIST: Final = a_list([[one] for one in CITIZENS])
PARTS: Final = (LIST[:7], LIST[7:30], LIST[30:])
"""The list is cut within its header and within a row."""


async def put_all(stack: Stack, id_: str) -> None:
    """Upload all parts, the last one first."""
    for number in range(len(PARTS), 0, -1):
        reply = await put_part(stack, id_, number, PARTS[number - 1])
        assert reply.status == 200, reply


async def test_parts_become_the_list(stack: Stack) -> None:
    """The rows are those of the whole list, wherever it is cut."""
    id_ = await make(stack)
    await put_all(stack, id_)
    assert (await state(stack, id_))["status"] == "DRAFT"

    reply = await complete(stack, id_, PARTS)

    assert (reply.status, reply.body["status"]) == (202, "CHECKING")
    await stack.drain()
    found = await state(stack, id_)
    assert (found["check"]["rows"], found["check"]["good"]) == (3, 3)


async def test_the_answer_to_a_part_tells_what_is_stored(stack: Stack) -> None:
    """Its sender can compare the hash."""
    id_ = await make(stack)

    reply = await put_part(stack, id_, 2, PARTS[1])

    digest = hashlib.sha256(PARTS[1]).hexdigest()
    assert reply.body == {"number": 2, "size": len(PARTS[1]), "sha256": digest}


async def test_a_part_that_is_sent_twice_is_replaced(stack: Stack) -> None:
    """The later one counts."""
    id_ = await make(stack)
    await put_all(stack, id_)
    await put_part(stack, id_, 2, b"something else")
    wrong = refusal(await complete(stack, id_, PARTS))
    await put_part(stack, id_, 2, PARTS[1])

    assert wrong[:2] == (409, "List not complete")
    assert (await complete(stack, id_, PARTS)).status == 202


async def test_a_list_with_wrong_bytes_changes_nothing(stack: Stack) -> None:
    """The list before stays, and so does its check."""
    id_ = await make(stack)
    await upload(stack, id_, a_list([[CITIZENS[0]]]))
    await stack.drain()
    await put_all(stack, id_)

    status, title, detail = refusal(await complete(stack, id_, PARTS, sha256="0" * 64))

    assert (status, title) == (409, "List not complete")
    assert hashlib.sha256(LIST).hexdigest() in detail
    assert await stack.queue.length(BATCH_UPLOADED) == 0
    found = await state(stack, id_)
    assert (found["status"], found["check"]["rows"]) == ("CHECKED", 1)


async def test_missing_parts_are_told(stack: Stack) -> None:
    """So a sender that lost its place sends those alone."""
    id_ = await make(stack)
    without = refusal(await complete(stack, id_, PARTS))[2]
    await put_part(stack, id_, 2, PARTS[1])
    with_one = refusal(await complete(stack, id_, PARTS))[2]
    many = refusal(await ask(stack, "complete_recipients", id_, whole(PARTS, parts=50)))[2]

    assert without == "Parts are missing: 1, 2, 3."
    assert with_one == "Parts are missing: 1, 3."
    assert many == "Parts are missing: 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, …."


async def test_a_repeated_completion_changes_nothing(stack: Stack) -> None:
    """Its answer was lost, before the check or after it."""
    id_ = await make(stack)
    await put_all(stack, id_)
    await complete(stack, id_, PARTS)
    await stack.drain()
    kept = len(await sets(stack))

    again = await complete(stack, id_, PARTS)

    assert (again.status, again.body["status"]) == (202, "CHECKED")
    assert len(await sets(stack)) == kept
    assert refusal(await complete(stack, id_, PARTS[:2]))[0] == 409


async def test_a_part_that_comes_late_does_not_change_the_list(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was under way when the list was completed."""
    id_ = await make(stack)
    await put_all(stack, id_)
    store = BatchFiles.store_part

    async def after_the_completion(
        self: BatchFiles, blob: str, number: int, content: bytes
    ) -> None:
        monkeypatch.setattr(BatchFiles, "store_part", store)
        assert (await complete(stack, id_, PARTS)).status == 202
        await store(self, blob, number, content)

    monkeypatch.setattr(BatchFiles, "store_part", after_the_completion)
    assert (await put_part(stack, id_, 3, b"VRDLCU85M41F205X\r\n")).status == 200
    await stack.drain()

    found = await state(stack, id_)
    assert (found["check"]["rows"], found["check"]["good"]) == (3, 3)
    await pass_days(stack, 3)
    # the list and its rows; the parts are gone, the late one too
    assert (files(stack), len(await sets(stack))) == (4, 1)


async def test_the_parts_of_a_new_list_outlive_the_completion_before(stack: Stack) -> None:
    """Two lists of a batch, one after the other, have places of their own."""
    id_ = await make(stack)
    await put_all(stack, id_)
    await complete(stack, id_, PARTS)
    short = a_list([[CITIZENS[2]]])
    await put_part(stack, id_, 1, short)

    assert (await complete(stack, id_, [short])).status == 202
    await stack.drain()
    assert (await state(stack, id_))["check"]["rows"] == 1


async def test_two_senders_of_the_first_part_share_a_place(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that comes second puts its part beside the other's."""
    id_ = await make(stack)
    opened = FileSets.open

    async def while_another(self: FileSets, batch: Batch, now: datetime) -> str:
        monkeypatch.setattr(FileSets, "open", opened)
        await put_part(stack, id_, 2, PARTS[1])
        return await opened(self, batch, now)

    monkeypatch.setattr(FileSets, "open", while_another)
    await put_part(stack, id_, 1, PARTS[0])
    await put_part(stack, id_, 3, PARTS[2])

    assert (await complete(stack, id_, PARTS)).status == 202


async def test_parts_without_a_completion_expire(stack: Stack) -> None:
    """Then they are missing, and can be sent again."""
    id_ = await make(stack)
    await put_all(stack, id_)
    await pass_days(stack, PARTS_LIFE.days - 1)
    assert files(stack) == 3

    await pass_days(stack, 2)

    assert (files(stack), await sets(stack)) == (0, [])
    assert refusal(await complete(stack, id_, PARTS))[0] == 409
    await put_all(stack, id_)
    assert (await complete(stack, id_, PARTS)).status == 202
