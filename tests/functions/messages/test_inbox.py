"""The citizen's inbox: IO's shapes and paging, without its holes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import CONFIGURATION_ID, with_configuration
from tests.stack import Stack


async def page(stack: Stack, **query: str) -> dict[str, Any]:
    """Return a page of the citizen's inbox."""
    reply = await stack.call("list_inbox", query=query, citizen=CITIZEN)
    assert reply.status == 200, reply
    return dict(reply.body)


async def change(stack: Stack, id_: str, citizen: str = CITIZEN, **body: Any) -> Any:
    """Change the status of a message."""
    return await stack.call("change_message_status", body, path={"id": id_}, citizen=citizen)


async def several(stack: Stack, count: int) -> list[str]:
    """Deliver messages, a second apart; return their ids, newest first."""
    ids = []
    for _ in range(count):
        ids.append(await stack.submit())
        stack.clock.advance(timedelta(seconds=1))
    await stack.drain()
    return ids[::-1]


def ids_of(found: dict[str, Any]) -> list[str]:
    """Return the ids of a page."""
    return [item["id"] for item in found["items"]]


async def test_an_empty_inbox_has_no_bounds(stack: Stack) -> None:
    """No next, no prev."""
    assert await page(stack) == {"items": []}


async def test_a_plain_item_has_io_s_fields(stack: Stack) -> None:
    """What CreatedMessageWithoutContent requires, and no more."""
    (id_,) = await several(stack, 1)

    found = await page(stack)

    assert [
        {
            "id": id_,
            "fiscal_code": CITIZEN,
            "created_at": "2026-11-23T09:00:00.000Z",
            "sender_service_id": "sandbox-service",
            "time_to_live": 3600,
        }
    ] == found["items"]
    assert (id_, None) == (found["prev"], found.get("next"))


async def test_an_enriched_item_shows_the_deadline_too(stack: Stack) -> None:
    """EnrichedMessage, with due date and amount that IO's list lacks."""
    content = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    await stack.deliver(content=content)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]

    assert {
        "service_name": "Tassa sui rifiuti",
        "organization_name": "Comune di Esempio",
        "organization_fiscal_code": "01234567890",
        "message_title": "Tassa sui rifiuti",
        "is_read": False,
        "is_archived": False,
        "category": {"tag": "PAYMENT", "rptId": "01234567890301000000000000017"},
        "has_attachments": False,
        "has_precondition": False,
        "due_date": "2027-06-30T21:59:59.000Z",
        "amount": 8450,
        "payment_status": "NOT_PAID",
    }.items() <= item.items()


@pytest.mark.parametrize(
    ("content", "category"),
    [
        ({}, {"tag": "GENERIC"}),
        (
            {"eu_covid_cert": {"auth_code": "x"}, "payment_data": a_payment()},
            {"tag": "EU_COVID_CERT"},
        ),
        (
            {
                "third_party_data": {"id": "x", "configuration_id": CONFIGURATION_ID},
                "payment_data": a_payment(),
            },
            {"tag": "GENERIC"},
        ),
        (
            {"payment_data": a_payment(payee={"fiscal_code": "98765432109"})},
            {"tag": "PAYMENT", "rptId": "98765432109301000000000000017"},
        ),
    ],
)
async def test_the_category_follows_io_s_precedence(
    stack: Stack, content: dict[str, Any], category: dict[str, str]
) -> None:
    """The payee of the message makes the rptId, which IO's list view forgets."""
    await with_configuration(stack)
    await stack.deliver(content=content)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]

    assert category == item["category"]


@pytest.mark.parametrize(
    ("precondition", "before", "after"),
    [("ALWAYS", True, True), ("ONCE", True, False), ("NEVER", False, False)],
)
async def test_a_precondition_of_once_ends_with_reading(
    stack: Stack, precondition: str, before: bool, after: bool
) -> None:
    """has_precondition as the app needs it."""
    third_party = {**await with_configuration(stack), "has_precondition": precondition}
    id_ = await stack.deliver(content={"third_party_data": third_party})

    (unread,) = (await page(stack, enrich_result_data="true"))["items"]
    await change(stack, id_, change_type="reading", is_read=True)
    (read,) = (await page(stack, enrich_result_data="true"))["items"]

    assert (before, after) == (unread["has_precondition"], read["has_precondition"])


async def test_older_pages_follow_next(stack: Stack) -> None:
    """maximum_id=next walks the whole inbox, newest first, each message once."""
    ids = await several(stack, 5)

    first = await page(stack, page_size="2")
    second = await page(stack, page_size="2", maximum_id=first["next"])
    third = await page(stack, page_size="2", maximum_id=second["next"])

    assert ids == ids_of(first) + ids_of(second) + ids_of(third)
    assert "next" not in third
    assert [ids[0], ids[2], ids[4]] == [first["prev"], second["prev"], third["prev"]]


async def test_a_page_that_is_just_full_has_no_next(stack: Stack) -> None:
    """Next means that older messages do follow."""
    await several(stack, 2)

    assert "next" not in await page(stack, page_size="2")


async def test_newer_pages_follow_prev_without_a_hole(stack: Stack) -> None:
    """minimum_id=prev gives the page next to the bound, so nothing between is skipped."""
    ids = await several(stack, 5)

    first = await page(stack, page_size="2", minimum_id=ids[4])
    second = await page(stack, page_size="2", minimum_id=first["prev"])
    third = await page(stack, page_size="2", minimum_id=second["prev"])

    assert (ids[2:4], ids[0:2], []) == (ids_of(first), ids_of(second), ids_of(third))
    assert "next" not in first


async def test_both_bounds_are_exclusive(stack: Stack) -> None:
    """The newest of the range between them."""
    ids = await several(stack, 5)

    between = await page(stack, minimum_id=ids[4], maximum_id=ids[0])
    narrow = await page(stack, minimum_id=ids[4], maximum_id=ids[0], page_size="1")

    assert (ids[1:4], ids[1:2]) == (ids_of(between), ids_of(narrow))
    assert ids[1] == narrow["next"]


@given(data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_walk_shows_each_message_once(stack: Stack, data: st.DataObject) -> None:
    """Both directions, any page size, from any message."""
    ids = (await several(stack, 7))[:7] if not stack.push.sent else None
    everything = ids_of(await page(stack))
    size = str(data.draw(st.integers(1, 8)))
    start = data.draw(st.sampled_from(everything))

    older: list[str] = []
    bound: str | None = start
    while bound:
        found = await page(stack, page_size=size, maximum_id=bound)
        older += ids_of(found)
        bound = found.get("next")
    newer: list[str] = []
    bound = start
    while bound:
        found = await page(stack, page_size=size, minimum_id=bound)
        newer = ids_of(found) + newer
        bound = found.get("prev")

    assert everything == [*newer, start, *older]
    assert ids is None or ids == everything


async def test_the_archive_is_apart(stack: Stack) -> None:
    """Archived filters in the query, so pages are full, enriched or not."""
    ids = await several(stack, 4)
    for id_ in (ids[0], ids[2]):
        await change(stack, id_, change_type="archiving", is_archived=True)

    assert [ids[1], ids[3]] == ids_of(await page(stack, page_size="2"))
    archive = await page(stack, archived="true", page_size="1", enrich_result_data="true")
    assert ([ids[0]], ids[0]) == (ids_of(archive), archive["next"])


async def test_only_messages_of_the_inbox_show(stack: Stack) -> None:
    """Neither those still on their way nor another citizen's."""
    await stack.submit()
    await stack.submit(fiscal_code=OTHER_CITIZEN)

    assert (await page(stack))["items"] == []
    await stack.drain()
    assert len((await page(stack))["items"]) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_size", "0"),
        ("page_size", "101"),
        ("page_size", "x"),
        ("archived", "maybe"),
        ("maximum_id", "not-an-id"),
        ("minimum_id", ""),
    ],
)
async def test_a_wrong_parameter_is_named(stack: Stack, name: str, value: str) -> None:
    """400 with the parameter and its rule."""
    reply = await stack.call("list_inbox", query={name: value}, citizen=CITIZEN)

    assert reply.status == 400
    assert f"#/query/{name}" == reply.body["errors"][0]["pointer"]


async def test_opening_shows_the_content_and_marks_nothing(stack: Stack) -> None:
    """The payee is always filled in; what the list shows comes with public_message alone."""
    id_ = await stack.deliver(content={"payment_data": a_payment()})

    plain = await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)
    public = await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )

    assert plain.body["content"]["payment_data"]["payee"] == {"fiscal_code": "01234567890"}
    assert not {"message_title", "is_read", "category"} & set(plain.body)
    assert (public.body["message_title"], public.body["is_read"]) == ("Tassa sui rifiuti", False)


@pytest.mark.parametrize("endpoint", ["read_message", "change_message_status"])
async def test_what_is_not_in_this_inbox_is_not_found(stack: Stack, endpoint: str) -> None:
    """404 for another citizen's message, one on its way, a rejected one, an unknown id, no id."""
    delivered = await stack.deliver()
    rejected = await stack.deliver(fiscal_code="BLOCKD00A00A000A")
    waiting = await stack.submit()
    body = {"change_type": "reading", "is_read": True}

    for id_, citizen in (
        (delivered, OTHER_CITIZEN),
        (waiting, CITIZEN),
        (rejected, "BLOCKD00A00A000A"),
        ("01J0000000000000000000000A", CITIZEN),
        ("a/b?c#d", CITIZEN),
    ):
        reply = await stack.call(endpoint, body, path={"id": id_}, citizen=citizen)
        assert (reply.status, reply.body["title"]) == (404, "Message not found")


async def test_reading_and_archiving_keep_each_other(stack: Stack) -> None:
    """Each change names one flag and leaves the other."""
    (id_,) = await several(stack, 1)

    read = await change(stack, id_, change_type="reading", is_read=True)
    archived = await change(stack, id_, change_type="archiving", is_archived=True)
    back = await change(stack, id_, change_type="archiving", is_archived=False)

    assert read.body == {"is_read": True, "is_archived": False}
    assert archived.body == {"is_read": True, "is_archived": True}
    assert back.body == {"is_read": True, "is_archived": False}


async def test_bulk_does_not_unread(stack: Stack) -> None:
    """IO's bulk without is_read made a read message unread."""
    (id_,) = await several(stack, 1)
    await change(stack, id_, change_type="bulk", is_archived=True, is_read=True)

    reply = await change(stack, id_, change_type="bulk", is_archived=False)

    assert reply.body == {"is_read": True, "is_archived": False}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"change_type": "reading"},
        {"change_type": "reading", "is_read": False},
        {"change_type": "archiving"},
        {"change_type": "archiving", "is_archived": "true"},
        {"change_type": "bulk", "is_read": True},
        {"change_type": "deleting"},
    ],
)
async def test_a_wrong_change_is_refused(stack: Stack, body: dict[str, Any]) -> None:
    """400; reading cannot be undone."""
    (id_,) = await several(stack, 1)

    reply = await change(stack, id_, **body)

    assert (reply.status, reply.body["title"]) == (400, "Invalid MessageStatusChange")


async def test_a_wrong_change_names_its_field(stack: Stack) -> None:
    """The pointer is into the body, whatever kind of change it is."""
    (id_,) = await several(stack, 1)

    reply = await change(stack, id_, change_type="archiving", is_archived="x")

    assert [error["pointer"] for error in reply.body["errors"]] == ["/is_archived"]
    assert "[root.is_archived]" in reply.body["detail"]


@pytest.mark.parametrize("body", [{"is_read": 1}, {"is_read": "true"}, {"is_read": None}])
async def test_read_is_true_and_nothing_like_it(stack: Stack, body: dict[str, Any]) -> None:
    """A number or a string is no flag."""
    (id_,) = await several(stack, 1)

    assert (await change(stack, id_, change_type="reading", **body)).status == 400


@pytest.mark.parametrize(
    "query", [{"page_size": " 10 "}, {"page_size": "1_0"}, {"archived": "off"}]
)
async def test_parameters_are_spelled_as_in_io(stack: Stack, query: dict[str, str]) -> None:
    """Not as Python would read them."""
    assert (await stack.call("list_inbox", query=query, citizen=CITIZEN)).status == 400
