"""The days of a search are full dates, of any year."""

import pytest

from tests.stack import Stack, refusal


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "1970-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["from", "to"])
async def test_a_day_of_any_year_is_accepted(stack: Stack, name: str, day: str) -> None:
    """No message was sent before 1970, and a search from then on finds all messages."""
    id_ = await stack.submit()
    await stack.drain()

    reply = await stack.call("search_sent_messages", {name: day})

    assert reply.status == 200
    finds = (name == "from") == (day < "2000")
    assert [one["id"] for one in reply.body["items"]] == ([id_] if finds else [])


@pytest.mark.parametrize("day", [0, 86_400, "2026-11-29T00:00:00Z", "29/11/2026"])
async def test_a_day_is_no_number_and_no_time(stack: Stack, day: object) -> None:
    """A number of seconds since 1970 is refused, as a time of day is."""
    reply = await stack.call("search_sent_messages", {"from": day})

    assert refusal(reply)[0] == 400
    assert reply.body["errors"][0]["pointer"] == "/from"
