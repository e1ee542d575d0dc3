"""An app follows the changes of an inbox and keeps a copy of it."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from tests.builders.inboxes import fill
from tests.builders.messages import a_message
from tests.builders.payments import a_payment, tell
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.counted_stack import CountedStack
from tests.functions.messages.inbox_calls import change, page
from tests.stack import Stack

PAYABLE = {"payment_data": a_payment()}


class Copy:
    """The copy of an inbox in an app."""

    def __init__(self, stack: Stack, size: int = 100) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.token = ""
        self._stack, self._size = stack, size

    async def follow(self) -> list[str]:
        """Take all changes into the copy; return the ids that came."""
        came: list[str] = []
        while True:
            query = {"page_size": str(self._size)}
            if self.token:
                query["since"] = self.token
            reply = await self._stack.call("list_inbox_changes", query=query, citizen=CITIZEN)
            assert reply.status == 200, reply
            for item in reply.body["items"]:
                came.append(item["id"])
                self.messages.pop(item["id"], None)
                if not item["removed"]:
                    self.messages[item["id"]] = item["message"]
            self.token = reply.body["token"]
            if not reply.body["more"]:
                return came

    def place(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the messages of a place by id."""
        return {
            id_: one
            for id_, one in self.messages.items()
            if name
            == ("BIN" if "binned_until" in one else "ARCHIVE" if one["is_archived"] else "INBOX")
        }


async def lists(stack: Stack, **query: str) -> dict[str, dict[str, Any]]:
    """Return the messages of a list by id."""
    found = await page(stack, enrich_result_data="true", **query)
    assert "next" not in found
    return {one["id"]: one for one in found["items"]}


async def same(stack: Stack, copy: Copy) -> bool:
    """Tell whether the copy is the inbox, its archive and its bin."""
    return (
        copy.place("INBOX") == await lists(stack)
        and copy.place("ARCHIVE") == await lists(stack, archived="true")
        and copy.place("BIN") == await lists(stack, binned="true")
    )


async def test_each_change_of_a_message_is_followed(stack: Stack) -> None:
    """Arrival, flags, payment, bin, withdrawal: the copy is always the inbox."""
    copy = Copy(stack)
    assert await copy.follow() == []
    id_ = await stack.deliver(content=a_message(content=PAYABLE)["content"])
    path = {"fiscal_code": CITIZEN, "id": id_}

    async def pay() -> None:
        await tell(stack)
        await stack.drain()

    async def withdraw() -> None:
        await stack.call("withdraw_message", {"reason": "Importo sbagliato"}, path=path)

    steps = (
        lambda: change(stack, id_, change_type="reading", is_read=True),
        lambda: change(stack, id_, change_type="starring", is_starred=True),
        lambda: change(stack, id_, change_type="archiving", is_archived=True),
        pay,
        lambda: change(stack, id_, change_type="binning", is_binned=True),
        lambda: change(stack, id_, change_type="binning", is_binned=False),
        withdraw,
    )
    assert await copy.follow() == [id_]
    for step in steps:
        stack.clock.advance(timedelta(minutes=10))
        await copy.follow()
        assert await copy.follow() == []
        await step()
        assert await copy.follow() == [id_]
        assert await same(stack, copy)


async def test_what_leaves_the_inbox_is_removed(stack: Stack) -> None:
    """An unread message that is withdrawn, and one whose time in the bin has passed."""
    copy = Copy(stack)
    gone, binned = await stack.deliver(), await stack.deliver()
    await change(stack, binned, change_type="binning", is_binned=True)
    await copy.follow()
    assert set(copy.messages) == {gone, binned}

    path = {"fiscal_code": CITIZEN, "id": gone}
    await stack.call("withdraw_message", {"reason": "Importo sbagliato"}, path=path)
    await copy.follow()
    assert set(copy.messages) == {binned}
    stack.clock.advance(timedelta(days=29))
    await copy.follow()
    stack.clock.advance(timedelta(days=1))
    await stack.app.inbox.empty_bins()
    await copy.follow()
    assert copy.messages == {}


async def test_what_never_came_is_not_told(stack: Stack) -> None:
    """Messages that wait, were rejected or are another citizen's are in no answer."""
    await stack.deliver(fiscal_code=OTHER_CITIZEN)
    await stack.submit()
    await stack.submit(send_at="2026-11-30T12:00:00Z")
    id_ = await stack.submit()
    await stack.call(
        "withdraw_message", {"reason": "Errore"}, path={"fiscal_code": CITIZEN, "id": id_}
    )
    copy = Copy(stack)

    assert await copy.follow() == []


@given(data=st.data())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_copy_never_misses_a_change(stack: Stack, data: st.DataObject) -> None:
    """Changes and pages in any order, with any page size and any time between them."""
    ids = await fill(stack.store, CITIZEN, 12)
    copy = Copy(stack, size=data.draw(st.integers(1, 7)))
    flags = {"archiving": "is_archived", "starring": "is_starred", "binning": "is_binned"}
    for _ in range(data.draw(st.integers(1, 12))):
        match data.draw(st.sampled_from(["change", "new", "wait", "follow"])):
            case "change":
                kind = data.draw(st.sampled_from(sorted(flags)))
                body: dict[str, Any] = {"change_type": kind, flags[kind]: data.draw(st.booleans())}
                await change(stack, data.draw(st.sampled_from(ids)), **body)
            case "new":
                ids += await fill(stack.store, CITIZEN, 1, since=100 + len(ids))
            case "wait":
                stack.clock.advance(timedelta(seconds=data.draw(st.integers(1, 2000))))
            case _:
                await copy.follow()
    await copy.follow()

    assert await same(stack, copy)


async def test_changes_during_a_walk_come_in_it_or_after_it(stack: Stack) -> None:
    """A message that changes between two pages is in the copy as it is now."""
    ids = await fill(stack.store, CITIZEN, 9)
    stack.clock.advance(timedelta(hours=1))
    copy = Copy(stack)
    first = await stack.call("list_inbox_changes", query={"page_size": "4"}, citizen=CITIZEN)
    for id_ in (ids[0], ids[8]):
        await change(stack, id_, change_type="starring", is_starred=True)
    for item in first.body["items"]:
        copy.messages[item["id"]] = item["message"]
    copy.token = first.body["token"]

    await copy.follow()

    assert first.body["more"]
    assert await same(stack, copy)


async def test_a_late_replica_hides_nothing(stack: Stack) -> None:
    """What was written in the minutes before a walk comes again in the next one."""
    copy = Copy(stack)
    id_ = await stack.deliver()
    stack.clock.advance(timedelta(seconds=329))
    await copy.follow()
    stack.clock.advance(timedelta(days=1))

    assert await copy.follow() == [id_]
    assert await copy.follow() == []


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "",
        base64.urlsafe_b64encode(b"1~2").decode(),
        base64.urlsafe_b64encode(b"a~0~").decode(),
        base64.urlsafe_b64encode(b"9999999999~5~x").decode(),
        base64.urlsafe_b64encode(b"5~0~").decode(),
        base64.urlsafe_b64encode(b"1%s~0~" % (b"0" * 30)).decode(),
        base64.urlsafe_b64encode(b"-5~0~").decode(),
        base64.urlsafe_b64encode(b"9999999999~%s~x" % (b"9" * 30)).decode(),
    ],
)
async def test_a_token_from_elsewhere_or_long_ago_is_refused(stack: Stack, token: str) -> None:
    """The app begins anew."""
    reply = await stack.call("list_inbox_changes", query={"since": token}, citizen=CITIZEN)

    assert reply.status == 400


async def test_a_token_is_good_for_thirty_days(stack: Stack) -> None:
    """Later, a removed message may be deleted, so the app begins anew."""
    copy = Copy(stack)
    await copy.follow()
    stack.clock.advance(timedelta(days=30) - timedelta(seconds=331))
    query = {"since": copy.token}
    assert (await stack.call("list_inbox_changes", query=query, citizen=CITIZEN)).status == 200
    stack.clock.advance(timedelta(seconds=3))

    refused = await stack.call("list_inbox_changes", query=query, citizen=CITIZEN)

    assert refused.status == 400
    assert refused.body["errors"][0]["pointer"] == "#/query/since"


async def test_a_page_costs_one_query(counted: CountedStack) -> None:
    """No write of any message costs an operation more."""
    await counted.deliver()
    counted.reset()

    await counted.call("list_inbox_changes", citizen=CITIZEN)

    assert counted.documents == {"query": 1}
