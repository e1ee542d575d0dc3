"""A batch is checked, sent and reported row by row."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import LIMITED_KEY
from lib.domain.batches.estimates import rates
from lib.domain.messages.checks.cost import MICROCENTS_OF_ROW
from tests.functions.batches.batch_calls import (
    CITIZENS,
    CONTENT,
    LETTER,
    TEXT,
    ask,
    checked,
    make,
    sent,
    state,
    table,
    upload,
    with_citizens,
)
from tests.stack import Stack
from tests.unit.batches.support import a_code


async def inbox(stack: Stack, citizen: str) -> list[dict[str, object]]:
    """Read a citizen's inbox."""
    reply = await stack.call("list_inbox", citizen=citizen)
    assert reply.status == 200, reply
    items: list[dict[str, object]] = reply.body["items"]
    return items


async def test_each_row_reaches_its_citizen_once(stack: Stack) -> None:
    """The content is shared, and each message shows it whole."""
    await with_citizens(stack)
    id_ = await sent(stack, [[one] for one in CITIZENS])

    found = await state(stack, id_)
    assert (found["status"], found["progress"]["done"]) == ("FINISHED", 3)
    assert found["progress"]["outcomes"] == {"SENT": 3}
    for citizen in CITIZENS:
        (item,) = await inbox(stack, citizen)
        message = await stack.call("read_message", path={"id": str(item["id"])}, citizen=citizen)
        assert message.body["content"]["markdown"] == TEXT
        assert message.body["content"]["subject"] == CONTENT["subject"]


async def test_the_text_is_written_for_each_row(stack: Stack) -> None:
    """A placeholder takes the value of its column, as text."""
    await with_citizens(stack)
    rows = [[CITIZENS[0], "Mario"], [CITIZENS[1], "*Lucia*"]]
    await sent(stack, rows, header=("Codice Fiscale", "Nome"), content=LETTER)

    (item,) = await inbox(stack, CITIZENS[1])
    message = await stack.call("read_message", path={"id": str(item["id"])}, citizen=CITIZENS[1])
    assert message.body["content"]["markdown"].startswith("Gentile \\*Lucia\\*, ")


async def test_rows_of_unreachable_citizens_are_reported(stack: Stack) -> None:
    """The unreached list has those rows, with the reason, and the results have all."""
    await with_citizens(stack, CITIZENS[:1])
    rows = [[CITIZENS[0], "A-1"], [CITIZENS[1], "A-2"]]
    id_ = await sent(stack, rows, header=("cf", "riferimento"))

    assert (await state(stack, id_))["progress"]["outcomes"] == {"SENT": 1, "REJECTED": 1}
    unreached = await table(stack, "read_batch_unreached_file", id_)
    assert [(one["reference"], one["reason"]) for one in unreached] == [("A-2", "USER_NOT_FOUND")]
    results = await table(stack, "read_batch_results_file", id_)
    assert [one["outcome"] for one in results] == ["SENT", "REJECTED"]


async def test_wrong_rows_are_never_sent(stack: Stack) -> None:
    """They must be left out by the sender's own word."""
    await with_citizens(stack)
    id_ = await checked(stack, [[CITIZENS[0]], ["RSSMRA80A01H501X"], [CITIZENS[0]]])

    found = await state(stack, id_)
    assert (found["status"], found["check"]["good"], found["check"]["wrong"]) == ("CHECKED", 1, 2)
    problems = await ask(stack, "list_batch_problems", id_)
    assert [(one["line"], one["code"]) for one in problems.body["items"]] == [
        (3, "CHECK_CHARACTER"),
        (4, "DUPLICATE_ROW"),
    ]
    assert (await ask(stack, "send_batch", id_)).status == 409
    assert (await ask(stack, "send_batch", id_, {"skip_wrong_rows": True})).status == 202
    await stack.drain()
    assert (await state(stack, id_))["progress"]["total"] == 1
    assert len(await inbox(stack, CITIZENS[0])) == 1


async def test_inline_recipients(stack: Stack) -> None:
    """A small batch needs no upload."""
    await with_citizens(stack)
    id_ = await make(
        stack, content=LETTER, recipients=[{"fiscal_code": CITIZENS[0], "nome": "Mario"}]
    )
    await stack.drain()
    assert (await state(stack, id_))["check"]["good"] == 1


async def test_a_batch_is_its_sender_s(stack: Stack) -> None:
    """Another service neither reads nor changes it."""
    id_ = await checked(stack, [[CITIZENS[0]]])
    for name in ("send_batch", "pause_batch", "cancel_batch", "approve_batch"):
        assert (await ask(stack, name, id_, key=LIMITED_KEY)).status == 404
    assert (await state(stack, id_))["status"] == "CHECKED"


async def test_pause_resume_cancel(stack: Stack) -> None:
    """Nothing is sent while the batch is paused, and all of it once after."""
    await with_citizens(stack)
    id_ = await checked(stack, [[one] for one in CITIZENS])
    await ask(stack, "send_batch", id_)
    assert (await ask(stack, "pause_batch", id_)).body["status"] == "PAUSED"
    await stack.drain()
    assert await inbox(stack, CITIZENS[0]) == []

    assert (await ask(stack, "resume_batch", id_)).body["status"] == "RUNNING"
    await stack.drain()
    assert (await state(stack, id_))["status"] == "FINISHED"
    assert len(await inbox(stack, CITIZENS[0])) == 1
    assert (await ask(stack, "cancel_batch", id_)).status == 409


async def test_a_cancelled_batch_names_its_unsent_rows(stack: Stack) -> None:
    """They are in the results as CANCELLED."""
    await with_citizens(stack)
    id_ = await checked(stack, [[one] for one in CITIZENS])
    await ask(stack, "send_batch", id_)
    assert (await ask(stack, "cancel_batch", id_)).status == 202
    await stack.drain()
    results = await table(stack, "read_batch_unreached_file", id_)
    assert [one["outcome"] for one in results] == ["CANCELLED"] * 3
    assert await inbox(stack, CITIZENS[0]) == []


async def test_an_unreadable_list(stack: Stack) -> None:
    """The batch says why, and takes another list."""
    id_ = await make(stack)
    await upload(stack, id_, b"nome;cognome\r\nMario;Rossi\r\n")
    await stack.drain()
    found = await state(stack, id_)
    assert found["status"] == "CHECKED"
    assert found["check"]["source"]["problem"]["code"] == "MISSING_COLUMN"
    assert (await ask(stack, "send_batch", id_, {"skip_wrong_rows": True})).status == 409
    assert (await upload(stack, id_, b"cf\r\n" + CITIZENS[0].encode())).status == 202


async def test_a_column_that_the_text_needs(stack: Stack) -> None:
    """A table without it has one problem, and not one for each row."""
    id_ = await checked(stack, [[CITIZENS[0]]], content=LETTER)
    found = (await state(stack, id_))["check"]
    assert (found["good"], found["source"]["problem"]["code"]) == (0, "MISSING_COLUMN")
    assert "nome" in found["source"]["problem"]["message"]


async def test_the_check_estimates_time_and_cost(stack: Stack) -> None:
    """At the wanted pace, in the hours of the window; a list without a good row has none."""
    rows = [[one] for one in CITIZENS]
    id_ = await checked(stack, rows, rows_per_minute=3)
    estimate = (await state(stack, id_))["check"]["estimate"]
    assert (estimate["seconds"], estimate["basis"]) == (60, "PACE")
    assert estimate["cost_microcents"] == 3 * MICROCENTS_OF_ROW

    window = {"start": "09:00", "end": "17:00"}
    night = (stack.clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT02:00:00Z")
    waits = await checked(stack, rows, start_at=night, send_window=window)
    assert (await state(stack, waits))["check"]["estimate"]["seconds"] == 6 * 3600 + 1

    wrong = await checked(stack, [["nobody"]])
    assert "estimate" not in (await state(stack, wrong))["check"]


async def test_an_earlier_batch_tells_how_long_one_takes(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service's batches that were sent to their end count, once they have enough rows."""
    monkeypatch.setattr(rates, "FEWEST_ROWS", 3)
    await with_citizens(stack)
    rows = [[one] for one in CITIZENS]
    first = await checked(stack, rows)
    assert (await state(stack, first))["check"]["estimate"]["basis"] == "ASSUMED"
    await ask(stack, "send_batch", first)
    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    second = await checked(stack, [*rows, *([code] for code in map(a_code, range(3)))])
    estimate = (await state(stack, second))["check"]["estimate"]
    assert (estimate["seconds"], estimate["basis"]) == (60, "OBSERVED")
