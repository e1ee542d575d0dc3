"""Citizens change many messages with one call."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.use_cases.inbox.change_message_status import ChangeMessageStatus
from tests.builders.inboxes import fill
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.messages.inbox_calls import page
from tests.stack import Reply, Stack

READING = {"change_type": "reading", "is_read": True}
ARCHIVING = {"change_type": "archiving", "is_archived": True}
BINNING = {"change_type": "binning", "is_binned": True}


async def many(stack: Stack, citizen: str = CITIZEN, **body: Any) -> Reply:
    """Call the endpoint."""
    return await stack.call("change_many_messages", body, citizen=citizen)


async def test_each_message_has_its_outcome(stack: Stack) -> None:
    """A message of another citizen, and one that does not exist, are not found; others change."""
    ids = await fill(stack.store, CITIZEN, 2, since=1)
    (others,) = await fill(stack.store, OTHER_CITIZEN, 1, since=4)
    wanted = [ids[0], others, ids[1], "01J0000000000000000000000A", ids[0]]

    for _ in range(2):
        reply = await many(stack, change=ARCHIVING, ids=wanted)

        assert [(one["id"], one["outcome"]) for one in reply.body["items"]] == [
            (ids[0], "CHANGED"),
            (others, "NOT_FOUND"),
            (ids[1], "CHANGED"),
            ("01J0000000000000000000000A", "NOT_FOUND"),
        ]
    assert len((await page(stack, archived="true"))["items"]) == 2


async def test_a_filter_changes_its_messages_call_by_call(stack: Stack) -> None:
    """Each call changes up to a hundred, the newest first; new messages stay as they are."""
    await fill(stack.store, CITIZEN, 360)
    body: dict[str, Any] = {"change": BINNING, "filter": {"sender_service_id": "imu"}}
    counts, bound, late = [], None, list[str]()
    while True:
        reply = await many(stack, **body, **({"maximum_id": bound} if bound else {}))
        counts.append(len(reply.body["items"]))
        bound = reply.body.get("next")
        if bound is None:
            break
        late = list(await fill(stack.store, CITIZEN, 1, since=1000))

    assert counts == [100, len(range(1, 360, 3)) - len(range(22, 360, 33)) - 100]
    left = (await page(stack, sender_service_id="imu"))["items"]
    assert [one["id"] for one in left] == late


async def test_an_outage_of_one_message_is_its_own_outcome(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are changed, and the change can be sent again."""
    ids = await fill(stack.store, CITIZEN, 3, since=1)
    change = ChangeMessageStatus.__call__

    async def failing(self: Any, access: Any, id_: Any, flags: Any) -> Any:
        if id_ == ids[1]:
            raise UnavailableError("the store is away")
        return await change(self, access, id_, flags)

    monkeypatch.setattr(ChangeMessageStatus, "__call__", failing)
    reply = await many(stack, change=ARCHIVING, ids=ids)
    monkeypatch.undo()
    again = await many(stack, change=ARCHIVING, ids=ids)

    outcomes = [one["outcome"] for one in reply.body["items"]]
    assert outcomes == ["CHANGED", "UNAVAILABLE", "CHANGED"]
    assert {one["outcome"] for one in again.body["items"]} == {"CHANGED"}


@pytest.mark.parametrize(
    "body",
    [
        {"change": READING},
        {"change": READING, "ids": []},
        {"change": READING, "ids": ["x"]},
        {"change": READING, "ids": ["01J0000000000000000000000A"], "filter": {}},
        {"change": READING, "ids": [f"01J0000000000000000000{n:04}" for n in range(101)]},
        {
            "change": READING,
            "ids": ["01J0000000000000000000000A"],
            "maximum_id": "01J0000000000000000000000A",
        },
        {"change": {"change_type": "shredding"}, "filter": {}},
        {"change": READING, "filter": {"colour": "red"}},
        {"change": READING, "filter": {"archived": True, "binned": True}},
        {"ids": ["01J0000000000000000000000A"]},
    ],
)
async def test_a_wrong_body_is_refused(stack: Stack, body: dict[str, Any]) -> None:
    """Nothing is changed."""
    assert (await many(stack, **body)).status == 400
