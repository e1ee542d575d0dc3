"""A message with a set time is sent at that time, and can be listed until then."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.messages import a_message
from tests.builders.payments import RPT_ID, an_update, payable, send_update, tell
from tests.doubles.clock import START
from tests.functions.messages.scheduled_calls import (
    AHEAD,
    SET_TIME,
    inbox,
    read,
    schedule,
    scheduled,
    submit,
    wait_until,
)
from tests.stack import Stack
from tests.stored import stored_message

REST = timedelta(minutes=1)


async def test_a_message_is_sent_at_its_set_time(stack: Stack) -> None:
    """A minute before, its citizen sees nothing; at the time the message and its push are there."""
    id_ = await schedule(stack)
    await wait_until(stack, SET_TIME - REST)
    assert await inbox(stack) == []
    assert stack.push.sent == []

    await stack.live_until(SET_TIME)

    assert await inbox(stack) == [id_]
    assert [one.message_id for one in stack.push.sent] == [id_]
    answer = await read(stack, id_, prefer="include=history")
    assert answer["status"] == "PROCESSED"
    assert answer["message"]["created_at"] == "2026-11-25T09:00:00.000Z"
    history = [(one["status"], one["at"][:16]) for one in answer["status_history"]]
    assert history == [
        ("SCHEDULED", "2026-11-23T09:00"),
        ("ACCEPTED", "2026-11-25T09:00"),
        ("PROCESSED", "2026-11-25T09:00"),
    ]


@pytest.mark.parametrize("minutes", [1, 4, 9, 14, 24, 26, 61, 300])
async def test_every_distance_is_exact(stack: Stack, minutes: int) -> None:
    """The next ticks and the queue bring each message at its minute, and not before it."""
    at = START + timedelta(minutes=minutes)
    id_ = await schedule(stack, at)
    await stack.live_until(at - timedelta(seconds=1))
    assert (await stored_message(stack, id_)).status == "SCHEDULED"

    await stack.live_until(at)

    assert await inbox(stack) == [id_]


async def test_the_answer_is_io_s(stack: Stack) -> None:
    """201 with the id and the path, in both forms; the strict answer shows ACCEPTED."""
    reply = await submit(stack)
    body = a_message(send_at="2026-11-25T10:00:00+01:00", fiscal_code=None)
    other = await stack.call("submit_message_to", body, path={"fiscal_code": CITIZEN})

    assert reply.body.keys() == other.body.keys() == {"id"}
    assert reply.headers["Location"] == f"/api/v1/messages/{CITIZEN}/{reply.body['id']}"
    answer = await read(stack, reply.body["id"])
    assert answer["status"] == "ACCEPTED"
    assert answer.keys() == {"message", "status"}
    assert {one["send_at"] for one in await scheduled(stack)} == {"2026-11-25T09:00:00.000Z"}


async def test_the_citizen_sees_nothing_before(stack: Stack) -> None:
    """Neither the message, its payment, its documents nor its reminders can be opened."""
    id_ = await schedule(stack, content=payable())

    for name in ("read_message", "read_reminders", "read_calendar_entry", "read_payment_notice"):
        reply = await stack.call(name, path={"id": id_}, citizen=CITIZEN)
        assert reply.status == 404, name
    path = {"rptId": RPT_ID}
    assert (await stack.call("read_payment_info", path=path, citizen=CITIZEN)).status == 404
    flags = {"change_type": "reading", "is_read": True}
    changed = await stack.call("change_message_status", flags, path={"id": id_}, citizen=CITIZEN)
    assert changed.status == 404


async def test_the_list_has_the_next_message_first(stack: Stack) -> None:
    """It names what will be sent, a page at a time, and loses what was sent."""
    late = await schedule(stack, SET_TIME + AHEAD)
    first = await schedule(stack, reference="2026/1", content=payable())
    second = await schedule(stack, SET_TIME + REST)
    (entry, *_) = await scheduled(stack)
    assert entry == {
        "id": first,
        "fiscal_code": CITIZEN,
        "send_at": "2026-11-25T09:00:00.000Z",
        "accepted_at": "2026-11-23T09:00:00.000Z",
        "subject": "Tassa sui rifiuti",
        "reference": "2026/1",
        "rpt_id": RPT_ID,
    }
    pages, cursor = [], None
    while True:
        query = {"page_size": "1", **({"cursor": cursor} if cursor else {})}
        body = (await stack.call("list_scheduled_messages", query=query)).body
        pages += [one["id"] for one in body["items"]]
        cursor = body.get("cursor")
        if cursor is None:
            break
    assert pages == [first, second, late]

    await wait_until(stack, SET_TIME)
    assert [one["id"] for one in await scheduled(stack)] == [second, late]


async def test_the_lists_of_sent_messages_show_it(stack: Stack) -> None:
    """It is SCHEDULED in the list, the search, the changes and the report, until it is sent."""
    id_ = await schedule(stack, reference="2026/1")
    stack.clock.advance(timedelta(seconds=11))
    assert await everywhere(stack, id_) == {"SCHEDULED"}
    day = {"from": "2026-11-25", "to": "2026-11-25"}
    totals = (await stack.call("read_message_report", query=day)).body["totals"]
    assert (totals["sent"], totals["scheduled"]) == (0, 1)

    await wait_until(stack, SET_TIME)
    stack.clock.advance(timedelta(seconds=11))

    assert await everywhere(stack, id_) == {"PROCESSED"}
    totals = (await stack.call("read_message_report", query=day)).body["totals"]
    assert (totals["sent"], totals["processed"], totals["scheduled"]) == (1, 1, 0)


async def everywhere(stack: Stack, id_: str) -> set[str]:
    """Return the statuses of the message in all lists."""
    replies = [
        await stack.call("list_sent_messages"),
        await stack.call("list_sent_changes"),
        await stack.call("search_sent_messages", {"reference": "2026/1"}),
        await stack.call("search_sent_messages", {"fiscal_code": CITIZEN}),
    ]
    found = [[one["status"] for one in r.body["items"] if one["id"] == id_] for r in replies]
    assert all(found)
    return {status for statuses in found for status in statuses}


async def test_the_inbox_has_it_at_its_set_time(stack: Stack) -> None:
    """A message that was sent before the set time is older, whenever it was scheduled."""
    later = await schedule(stack)
    stack.clock.advance(timedelta(hours=1))
    now = await stack.deliver()

    await wait_until(stack, SET_TIME)

    assert await inbox(stack) == [later, now]


async def test_time_to_live_counts_from_the_set_time(stack: Stack) -> None:
    """A message of an hour's life is announced two days after its submission."""
    id_ = await schedule(stack, time_to_live=3600)
    await wait_until(stack, SET_TIME)
    assert [one.message_id for one in stack.push.sent] == [id_]


async def test_a_message_for_the_night_is_announced_as_others(stack: Stack) -> None:
    """It is in the inbox at its time, with the notification of a message that is sent then."""
    night = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    id_ = await schedule(stack, night)
    await wait_until(stack, night)
    plain = await stack.deliver()

    assert set(await inbox(stack)) == {plain, id_}
    announced = [one.message_id for one in stack.push.sent]
    assert announced.count(id_) == announced.count(plain)


async def test_a_payment_that_was_made_meanwhile_stops_it(stack: Stack) -> None:
    """Its sender could not know, so it is stopped under each policy; others are sent."""
    paid = await schedule(stack, content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    await wait_until(stack, SET_TIME)

    assert await inbox(stack) == []
    answer = await read(stack, paid, prefer="include=rejection")
    assert (answer["status"], answer["rejection_reason"]) == ("REJECTED", "ALREADY_PAID")


async def test_a_payment_after_it_marks_it(stack: Stack) -> None:
    """From its set time on it is a message like others."""
    id_ = await schedule(stack, content=payable())
    await wait_until(stack, SET_TIME)
    await tell(stack)
    await stack.drain()
    assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_clock_change_moves_no_message(stack: Stack) -> None:
    """A time that was written in summer time is kept, although the clocks change before it."""
    stack.clock.moment = datetime(2027, 3, 1, 9, tzinfo=UTC)
    for written, utc in (
        ("2027-03-28T01:30:00+01:00", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("2027-03-28T03:30:00+02:00", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-03-29T09:00:00+02:00", datetime(2027, 3, 29, 7, 0, tzinfo=UTC)),
    ):
        id_ = (await stack.call("submit_message", a_message(send_at=written))).body["id"]
        await wait_until(stack, utc - REST)
        assert id_ not in await inbox(stack)
        await stack.live_until(utc)
        assert (await inbox(stack))[0] == id_
