"""The rules of parts and of their completion."""

import csv
import io
from typing import Final

import pytest

from infra.local.sandbox.seed import SENDER_KEY
from lib.repositories.batches.batch_files import PART_BYTES
from lib.use_cases.batches.checking import upload_parts
from tests.functions.batches.batch_calls import CITIZENS, a_list, ask, make, state, upload
from tests.functions.batches.kept_files import complete, put_part, whole
from tests.stack import Stack, refusal

LIST: Final = a_list([[one] for one in CITIZENS])
PARTS: Final = (LIST[:7], LIST[7:])


async def put_all(stack: Stack, id_: str) -> None:
    """Upload both parts."""
    for number, part in enumerate(PARTS, 1):
        assert (await put_part(stack, id_, number, part)).status == 200


async def test_a_list_that_is_too_long_is_refused(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts together have the limit of a list."""
    monkeypatch.setattr(upload_parts, "MAX_BYTES", len(LIST) - 1)
    id_ = await make(stack)
    await put_all(stack, id_)

    assert "more than" in refusal(await complete(stack, id_, PARTS))[2]


async def test_a_sent_batch_takes_no_parts(stack: Stack) -> None:
    """Neither a part nor a completion."""
    id_ = await make(stack)
    await put_all(stack, id_)
    await upload(stack, id_, LIST)
    await stack.drain()
    await ask(stack, "send_batch", id_)

    assert refusal(await put_part(stack, id_, 1, b"x"))[0] == 409
    assert refusal(await complete(stack, id_, [*PARTS, b"x"]))[0] == 409
    await stack.drain()


@pytest.mark.parametrize("number", ["0", "101", "01", "x", "1.5"])
async def test_a_wrong_number_is_refused(stack: Stack, number: str) -> None:
    """A part has a number from 1 to 100."""
    id_ = await make(stack)
    reply = await stack.call(
        "upload_recipients_part",
        b"x",
        path={"id": id_, "number": number},
        headers={"content-type": "application/octet-stream"},
    )

    assert reply.status == 400
    assert "number from 1 to 100" in reply.body["detail"]


async def test_a_part_has_a_limit(stack: Stack) -> None:
    """So no request is long; and a part is not empty."""
    id_ = await make(stack)

    assert refusal(await put_part(stack, id_, 1, b""))[:2] == (400, "Empty part")

    assert (await put_part(stack, id_, 1, b"x" * PART_BYTES)).status == 200
    assert (await put_part(stack, id_, 1, b"x" * (PART_BYTES + 1))).status == 413


@pytest.mark.parametrize(
    "change", [{"content_type": "text/plain"}, {"sha256": "x"}, {"parts": 0}, {"parts": 101}]
)
async def test_a_wrong_completion_is_refused(stack: Stack, change: dict[str, object]) -> None:
    """The rules of its fields."""
    id_ = await make(stack)

    assert (await ask(stack, "complete_recipients", id_, whole(PARTS, **change))).status == 400


async def test_the_charset_of_the_list_counts(stack: Stack) -> None:
    """It is named at the completion."""
    text = io.StringIO()
    csv.writer(text).writerows([["cf", "nome"], [CITIZENS[0], "Nicolò"]])
    content = text.getvalue().encode("cp850")
    id_ = await make(stack, key=SENDER_KEY)
    await put_part(stack, id_, 1, content)
    await complete(stack, id_, [content], content_type="text/csv; charset=cp850")
    await stack.drain()

    found = await state(stack, id_)
    assert (found["check"]["source"]["encoding"], found["check"]["good"]) == ("IBM850", 1)
