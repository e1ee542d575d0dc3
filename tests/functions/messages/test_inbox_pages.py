"""The inbox is read page by page, without holes and repetitions."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from tests.functions.messages.inbox_calls import change, page, several
from tests.stack import Stack


def ids_of(found: dict[str, Any]) -> list[str]:
    """Return the ids of a page."""
    return [item["id"] for item in found["items"]]


async def test_an_empty_inbox_has_neither_next_nor_prev(stack: Stack) -> None:
    """An empty page has neither next nor prev."""
    assert await page(stack) == {"items": []}


async def test_older_pages_follow_next(stack: Stack) -> None:
    """The pages of maximum_id=next show each message once, the newest first."""
    ids = await several(stack, 5)

    first = await page(stack, page_size="2")
    second = await page(stack, page_size="2", maximum_id=first["next"])
    third = await page(stack, page_size="2", maximum_id=second["next"])

    assert ids == ids_of(first) + ids_of(second) + ids_of(third)
    assert "next" not in third
    assert [ids[0], ids[2], ids[4]] == [first["prev"], second["prev"], third["prev"]]


async def test_a_page_that_is_just_full_has_no_next(stack: Stack) -> None:
    """A page has next where older messages follow."""
    await several(stack, 2)

    assert "next" not in await page(stack, page_size="2")


async def test_newer_pages_follow_prev_without_a_hole(stack: Stack) -> None:
    """The page of minimum_id=prev is the one next to the bound."""
    ids = await several(stack, 5)

    first = await page(stack, page_size="2", minimum_id=ids[4])
    second = await page(stack, page_size="2", minimum_id=first["prev"])
    third = await page(stack, page_size="2", minimum_id=second["prev"])

    assert (ids[2:4], ids[0:2], []) == (ids_of(first), ids_of(second), ids_of(third))
    assert "next" not in first


async def test_both_bounds_are_exclusive(stack: Stack) -> None:
    """With both bounds the page has the newest messages between them."""
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
    """A walk in either direction, with any page size, shows each message once."""
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


async def test_the_archive_has_pages_of_its_own(stack: Stack) -> None:
    """Archived messages have full pages of their own, enriched or not."""
    ids = await several(stack, 4)
    for id_ in (ids[0], ids[2]):
        await change(stack, id_, change_type="archiving", is_archived=True)

    assert [ids[1], ids[3]] == ids_of(await page(stack, page_size="2"))
    archive = await page(stack, archived="true", page_size="1", enrich_result_data="true")
    assert ([ids[0]], ids[0]) == (ids_of(archive), archive["next"])


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
    """A wrong parameter gets 400 with its name and its rule."""
    reply = await stack.call("list_inbox", query={name: value}, citizen=CITIZEN)

    assert reply.status == 400
    assert f"#/query/{name}" == reply.body["errors"][0]["pointer"]


@pytest.mark.parametrize(
    "query", [{"page_size": " 10 "}, {"page_size": "1_0"}, {"archived": "off"}]
)
async def test_parameters_are_spelled_as_in_io(stack: Stack, query: dict[str, str]) -> None:
    """Parameters are read as in IO, not as in Python."""
    assert (await stack.call("list_inbox", query=query, citizen=CITIZEN)).status == 400
