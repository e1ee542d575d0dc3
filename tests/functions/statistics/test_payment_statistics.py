"""A service reads the counts of its payment messages, as JSON and as a table."""

import csv
import io
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import override

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, PAYMENTS_KEY
from lib.adapters.embedded.sqlite.store import file_of
from lib.composition.stacks import STORE_FILE
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.messages import SenderEvent
from lib.ports.queueing.names import SENDER_EVENT
from lib.ports.schema.messages import STATISTICS
from lib.use_cases.statistics.count_sender_event import CountSenderEvent
from lib.use_cases.statistics.sender_events import SenderEvents
from tests.builders.messages import submitted
from tests.doubles.clock import START
from tests.functions.statistics.support import (
    TODAY,
    ZERO,
    an_event,
    ask,
    counted,
    fold,
    numbered,
    pay,
    read,
    remind,
)
from tests.stack import Stack, refusal, take


async def test_the_parts_of_a_day_are_summed(stack: Stack) -> None:
    """The counts of a day, which are stored in parts, are summed."""
    for number in range(100):
        await stack.app.statistics.count_event(an_event(START, message_id=f"01KB{number:022}"))

    assert await counted(stack) == {"READ": 100}
    assert (await ask(stack)).body["totals"]["read"] == 100


async def test_a_service_reads_no_counts_of_another(stack: Stack) -> None:
    """Each key reads the counts of its own service."""
    for number in range(5):
        await stack.deliver(content=numbered(number))

    assert (await ask(stack)).body["totals"]["reached"] == 5
    assert (await ask(stack, key=LIMITED_KEY)).body["totals"]["reached"] == 0
    assert (await ask(stack, key=PAYMENTS_KEY)).status == 403


async def test_a_service_id_that_begins_another_s_is_its_own(stack: Stack) -> None:
    """A service has no counts of one whose id begins with its own."""
    await stack.app.statistics.count_event(an_event(START, service_id="a"))

    assert await counted(stack, service="a") == {"READ": 1}
    assert await counted(stack, service="a-b") == {}


async def test_the_table_has_the_same_counts(stack: Stack) -> None:
    """The CSV has the counts of the JSON; a count that is kept back is an empty cell."""
    for number in range(6):
        id_ = await stack.deliver(content=numbered(number))
        if number < 5:
            await remind(stack, id_, 7)
        await pay(stack, number)
    query = {"from": "2026-11-22", "to": TODAY}

    reply = await stack.call("read_payment_statistics_csv", query=query)
    same = (await stack.call("read_payment_statistics", query=query)).body

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["Recapito-Least-Shown"] == "5"
    assert 'filename="payments-2026-11-22-2026-11-23.csv"' in reply.headers["content-disposition"]
    text = reply.body.decode("utf-8")
    assert text.count("\r\n") == text.count("\n") == 4
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["day", *ZERO]
    for row, one in zip(rows, (*same["days"], same["totals"]), strict=True):
        cells = dict(zip(header, row, strict=True))
        assert cells.pop("day") == one.get("day", "total")
        shown = {name: "" if one[name] is None else str(one[name]) for name in ZERO}
        assert cells == shown
    assert same["days"][1]["paid"] == 6
    assert same["days"][1]["paid_after"] is None


async def test_the_table_has_a_column_for_each_step(stack: Stack) -> None:
    """The CSV has a column for each reminder step, and no cell that begins as a formula does."""
    for number in range(10):
        step = "7" if number < 5 else "-1"
        event = an_event(START, event="PAID", message_id=f"M{number}", step=step)
        await stack.app.statistics.count_event(event)
    await stack.app.statistics.count_event(
        an_event(START, event="PAID", day="2026-11-22", step="NONE")
    )

    reply = await stack.call("read_payment_statistics_csv", query={"to": TODAY})
    header, *rows = csv.reader(io.StringIO(reply.body.decode()))

    assert header[-2:] == ["paid_after_-1", "paid_after_7"]
    assert [row[-2:] for row in rows[-4:]] == [["0", "0"], ["", ""], ["5", "5"], ["5", "5"]]
    assert not [cell for row in (header, *rows) for cell in row if cell[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize("name", ["read_payment_statistics", "read_payment_statistics_csv"])
@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-24", "to": "2026-11-23"},
        {"from": "2025-11-22", "to": "2026-11-23"},
        {"from": "2020-01-01"},
        {"to": "0001-01-01"},
    ],
)
async def test_a_period_out_of_range_is_refused(
    stack: Stack, name: str, query: dict[str, str]
) -> None:
    """A period that is reversed, too long or too old gets 400."""
    reply = await stack.call(name, query=query)

    assert refusal(reply) == (
        400,
        "Invalid query parameters",
        "The period is 1 to 366 days, both ends included.",
    )
    assert reply.body["errors"][0]["pointer"] == "#/query/from"


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "20261123", "1795525200"])
@pytest.mark.parametrize("name", ["from", "to"])
async def test_a_wrong_day_is_refused(stack: Stack, name: str, day: str) -> None:
    """A parameter that is no day gets 400 with its name."""
    reply = await stack.call("read_payment_statistics", query={name: day})

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == f"#/query/{name}"


async def test_the_default_period_is_the_last_thirty_days_in_italy(stack: Stack) -> None:
    """Near midnight in Italy, the last day is the next one in UTC."""
    stack.clock.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    days = [one["day"] for one in (await stack.call("read_payment_statistics")).body["days"]]

    assert (days[0], days[-1], len(days)) == ("2026-10-26", "2026-11-24", 30)


class Refused(CountSenderEvent):
    """Counts nothing, as in an outage."""

    @override
    async def __call__(self, item: SenderEvent) -> None:
        raise UnavailableError("away")


async def test_nothing_of_a_citizen_is_in_items_or_counts(stack: Stack, tmp_path: Path) -> None:
    """Neither queue items nor counts hold a fiscal code or a pseudonym."""
    id_ = await stack.submit(content=numbered(1))
    await stack.app.messages.fan_out(submitted(id_))
    await read(stack, id_)
    message = await stack.app.repositories.messages.get(CITIZEN, id_)
    away = Refused(stack.app.repositories.statistics, stack.clock)
    events = SenderEvents(stack.queue, stack.clock, away)
    await events.settled(message)
    await events.read(message)
    texts = [item.text for item in await take(stack.queue, SENDER_EVENT)]
    assert {json.loads(text)["event"] for text in texts} == {"REACHED", "READ"}
    stack.clock.advance(timedelta(days=20))
    await fold(stack)

    connection = sqlite3.connect(file_of(tmp_path / STORE_FILE, STATISTICS))
    stored = [
        body.decode() for (body,) in connection.execute(f'SELECT body FROM "{STATISTICS.name}"')
    ]
    connection.close()
    assert len(stored) == 3
    for text in (*texts, *stored):
        assert not re.search(FISCAL_CODE_PATTERN[1:-1], text.upper())
    assert {name for text in texts for name in json.loads(text)} <= {
        *("service_id", "message_id", "event", "day", "noted_at", "step", "traceparent", "due")
    }
