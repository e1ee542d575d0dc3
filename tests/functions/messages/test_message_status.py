"""Citizens mark messages as read and as archived."""

from typing import Any

import pytest

from tests.functions.messages.inbox_calls import change, several
from tests.stack import Stack


async def test_reading_and_archiving_keep_each_other(stack: Stack) -> None:
    """A change of one flag keeps the other."""
    (id_,) = await several(stack, 1)

    read = await change(stack, id_, change_type="reading", is_read=True)
    archived = await change(stack, id_, change_type="archiving", is_archived=True)
    back = await change(stack, id_, change_type="archiving", is_archived=False)

    assert read.body == {"is_read": True, "is_archived": False}
    assert archived.body == {"is_read": True, "is_archived": True}
    assert back.body == {"is_read": True, "is_archived": False}


async def test_a_bulk_change_does_not_unread_a_message(stack: Stack) -> None:
    """A bulk change without is_read keeps the message read, unlike in IO."""
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
    """A wrong change gets 400, and reading cannot be undone."""
    (id_,) = await several(stack, 1)

    reply = await change(stack, id_, **body)

    assert (reply.status, reply.body["title"]) == (400, "Invalid MessageStatusChange")


async def test_a_wrong_change_names_its_field(stack: Stack) -> None:
    """The pointer names the field in the body for each kind of change."""
    (id_,) = await several(stack, 1)

    reply = await change(stack, id_, change_type="archiving", is_archived="x")

    assert [error["pointer"] for error in reply.body["errors"]] == ["/is_archived"]
    assert "[root.is_archived]" in reply.body["detail"]


@pytest.mark.parametrize("body", [{"is_read": 1}, {"is_read": "true"}, {"is_read": None}])
async def test_a_flag_is_a_boolean(stack: Stack, body: dict[str, Any]) -> None:
    """A number or a text is refused as a flag."""
    (id_,) = await several(stack, 1)

    assert (await change(stack, id_, change_type="reading", **body)).status == 400
