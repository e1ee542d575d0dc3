"""The list of the inbox has filters, which IO does not have."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.values import parse_timestamp
from lib.repositories.inbox import inbox, listed_rows
from tests.builders.altered import with_message
from tests.builders.inboxes import ORGANIZATIONS, SERVICES, fill
from tests.doubles.clock import START
from tests.functions.messages.inbox_calls import change, page
from tests.stack import Stack

COUNT = 60
FILTERS: dict[str, list[str]] = {
    "sender_service_id": list(SERVICES),
    "organization_fiscal_code": list(ORGANIZATIONS),
    "category": ["PAYMENT", "GENERIC"],
    "unread": ["true"],
    "starred": ["true"],
    "from": [str((START - timedelta(days=399)).date())],
    "to": [str((START - timedelta(days=398)).date())],
    "due_from": [str((START - timedelta(days=395)).date())],
    "due_to": [str((START - timedelta(days=380)).date())],
    "archived": ["true"],
}


def day_of(at: str | None) -> str:
    """Return the day in Italy; an empty text for no time."""
    return "" if at is None else str(in_rome(parse_timestamp(at)).date())


def matches(item: dict[str, Any], query: dict[str, str]) -> bool:
    """Tell whether an item of the list satisfies the filters."""
    created, due = day_of(item["created_at"]), day_of(item.get("due_date"))
    checks = {
        "sender_service_id": item["sender_service_id"] == query.get("sender_service_id"),
        "organization_fiscal_code": item["organization_fiscal_code"]
        == query.get("organization_fiscal_code"),
        "category": item["category"]["tag"] == query.get("category"),
        "unread": not item["is_read"],
        "starred": item.get("is_starred", False),
        "to_pay": item.get("payment_status") == "NOT_PAID",
        "from": created >= query.get("from", ""),
        "to": created <= query.get("to", ""),
        "due_from": bool(due) and due >= query.get("due_from", ""),
        "due_to": bool(due) and due <= query.get("due_to", ""),
        "archived": item["is_archived"],
    }
    return all(checks[name] for name in query) and item["is_archived"] == ("archived" in query)


async def everything(stack: Stack) -> list[dict[str, Any]]:
    """Return the items of inbox and archive, the newest first."""
    items: list[dict[str, Any]] = []
    for archived in ("true", "false"):
        found = await page(stack, enrich_result_data="true", archived=archived)
        assert "next" not in found
        items += found["items"]
    return sorted(items, key=lambda one: one["id"], reverse=True)


async def walk(
    stack: Stack, query: dict[str, str], size: int, *, newer_than: str = ""
) -> list[str]:
    """Return the ids of all pages, the newest first, by `next` or by `prev`."""
    ids: list[str] = []
    bound, name = newer_than, "minimum_id" if newer_than else "maximum_id"
    while True:
        bounds = {name: bound} if bound else {}
        found = await page(stack, page_size=str(size), **query, **bounds)
        shown = [item["id"] for item in found["items"]]
        assert len(shown) <= size
        ids = shown + ids if newer_than else ids + shown
        bound = found.get("prev" if newer_than else "next", "")
        if not bound:
            return ids


@given(data=st.data())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_walk_with_any_filters_shows_each_message_once(
    stack: Stack, data: st.DataObject
) -> None:
    """Both directions show all messages of the filters once, by any page size."""
    await fill(stack.store, CITIZEN, COUNT)
    names = data.draw(st.sets(st.sampled_from([*FILTERS, "to_pay"]), max_size=4))
    query = {name: data.draw(st.sampled_from(FILTERS.get(name, ["true"]))) for name in names}
    if "to_pay" in query and query.get("category") == "GENERIC":
        del query["category"]
    size = data.draw(st.integers(1, 20))
    everyone = await everything(stack)
    expected = [item["id"] for item in everyone if matches(item, query)]
    start = data.draw(st.sampled_from([item["id"] for item in everyone]))

    assert expected == await walk(stack, query, size)
    newer = [id_ for id_ in expected if id_ > start]
    assert newer == await walk(stack, query, size, newer_than=start)


async def test_new_messages_between_pages_neither_repeat_nor_hide_others(stack: Stack) -> None:
    """Messages that come during a walk are found from `prev` of its first page."""
    await fill(stack.store, CITIZEN, COUNT)
    query = {"unread": "true", "sender_service_id": "tari"}
    first = await page(stack, page_size="1", **query)
    rest = []
    bound = first["next"]
    for n in range(COUNT, COUNT + 50, 10):
        await fill(stack.store, CITIZEN, 10, since=n)
        if bound:
            found = await page(stack, page_size="1", maximum_id=bound, **query)
            rest += [item["id"] for item in found["items"]]
            bound = found.get("next")
    newer = await walk(stack, query, 2, newer_than=first["prev"])

    shown = [*newer, first["items"][0]["id"], *rest]
    expected = [
        item["id"]
        for item in await everything(stack)
        if matches(item, {"unread": "true", "sender_service_id": "tari"})
    ]
    assert expected == shown


async def test_a_page_examines_a_limited_number(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that finds nothing within the limit is empty and says where to go on."""
    ids = await fill(stack.store, CITIZEN, COUNT)
    await with_message(stack, ids[1], is_read=False, sender_service_id="rare", is_archived=False)
    for id_ in ids[2:]:
        await with_message(stack, id_, is_read=False)
    monkeypatch.setattr(inbox, "MOST_EXAMINED", 10)
    monkeypatch.setattr(inbox, "MOST_ROWS", 5)
    query = {"unread": "true", "sender_service_id": "rare"}

    first = await page(stack, page_size="5", **query)
    newer = await page(stack, page_size="5", minimum_id=ids[2], **query)

    assert (first["items"], newer["items"]) == ([], [])
    assert ids[1] < first["next"] < ids[-1]
    assert ids[2] < newer["prev"]
    assert [ids[1]] == await walk(stack, query, 5)
    assert await walk(stack, query, 5, newer_than=ids[2]) == []


async def test_many_due_dates_are_examined_by_id(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the number that is read at once, the list has the same messages."""
    await fill(stack.store, CITIZEN, COUNT)
    query = {"due_from": "2000-01-01"}
    expected = await walk(stack, query, 4)
    monkeypatch.setattr(listed_rows, "MOST_DUE", 3)

    assert len(expected) > 3
    assert expected == await walk(stack, query, 4)


async def test_due_within_counts_from_today_in_italy(stack: Stack) -> None:
    """Zero days are today; the last day is included."""
    at = START.replace(hour=22, minute=30)
    late, later = await stack.deliver(), await stack.deliver()
    await with_message(stack, late, due_date="2026-11-24T22:59:59.000Z")
    await with_message(stack, later, due_date="2026-11-24T23:00:00.000Z")
    stack.clock.moment = at

    found = [await page(stack, due_within=str(days)) for days in (0, 1, 2)]

    # at 23:30 in Italy on the 23rd
    assert START.date().isoformat() == "2026-11-23"
    assert [[], [late], [later, late]] == [[one["id"] for one in each["items"]] for each in found]


async def test_a_withdrawn_message_is_not_to_be_paid(stack: Stack) -> None:
    """A message that its sender withdrew after its reading is in the list, not in `to_pay`."""
    (id_,) = await fill(stack.store, CITIZEN, 1, since=3)
    assert len((await page(stack, to_pay="true"))["items"]) == 1
    withdrawal = {"at": "2026-11-23T09:00:00.000Z", "reason": "x"}

    await with_message(stack, id_, withdrawal=withdrawal)

    assert (await page(stack, to_pay="true"))["items"] == []
    assert len((await page(stack))["items"]) == 1


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ({"due_from": "2026-02-02", "due_to": "2026-02-01"}, "due_to"),
        ({"due_within": "3", "due_to": "2026-02-01"}, "due_within"),
        ({"archived": "true", "binned": "true"}, "binned"),
        ({"category": "GENERIC", "to_pay": "true"}, "category"),
        ({"category": "PN"}, "category"),
        ({"due_within": "-1"}, "due_within"),
        ({"from": "yesterday"}, "from"),
        ({"unread": "1"}, "unread"),
        ({"organization_fiscal_code": "1"}, "organization_fiscal_code"),
    ],
)
async def test_filters_that_contradict_each_other_are_refused(
    stack: Stack, query: dict[str, str], pointer: str
) -> None:
    """The answer names the parameter."""
    reply = await stack.call("list_inbox", query=query, citizen=CITIZEN)

    assert reply.status == 400
    assert f"#/query/{pointer}" == reply.body["errors"][0]["pointer"]


async def test_a_star_is_set_and_taken_away(stack: Stack) -> None:
    """The list shows the star; the answer of IO's own changes has IO's members alone."""
    id_ = await stack.deliver()
    starred = await change(stack, id_, change_type="starring", is_starred=True)
    read = await change(stack, id_, change_type="reading", is_read=True)
    (item,) = (await page(stack, starred="true", enrich_result_data="true"))["items"]
    await change(stack, id_, change_type="starring", is_starred=False)

    assert starred.body == {"is_read": False, "is_archived": False, "is_starred": True}
    assert read.body == {"is_read": True, "is_archived": False}
    assert item["is_starred"] is True
    assert (await page(stack, starred="true"))["items"] == []
