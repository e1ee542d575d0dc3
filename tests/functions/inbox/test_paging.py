"""The pages of the inbox, whatever comes while a citizen reads them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from lib.ports.schema.messages import MESSAGES
from tests.builders.inboxes import fill
from tests.functions.messages.inbox_calls import page
from tests.stack import Stack


class Inbox:
    """An inbox to which messages come; `ids`: all of them, the newest first."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.ids: list[MessageId] = []

    async def receive(self, count: int) -> None:
        """Let messages come that are newer than the others."""
        since = len(self.ids)
        came = await fill(self._stack.store, CITIZEN, count, since, is_archived=False)
        self.ids = [*reversed(came), *self.ids]

    async def walk(self, size: int, coming: list[int], newer_than: str = "") -> list[str]:
        """Return the ids of all pages, the newest first, by `next` or else by `prev`.

        `coming`: the numbers of messages that come after each page; those of this walk are taken.
        """
        shown: list[str] = []
        name, follows = ("minimum_id", "prev") if newer_than else ("maximum_id", "next")
        bound = newer_than
        while True:
            bounds = {name: bound} if bound else {}
            found = await page(self._stack, page_size=str(size), **bounds)
            ids = [item["id"] for item in found["items"]]
            assert len(ids) <= size
            shown = [*ids, *shown] if newer_than else [*shown, *ids]
            bound = found.get(follows, "")
            if not bound:
                return shown
            if coming:
                await self.receive(coming.pop(0))

    async def clear(self) -> None:
        """Delete all messages."""
        for id_ in self.ids:
            await self._stack.store.delete(MESSAGES, CITIZEN, id_)


@given(
    count=st.integers(0, 40),
    size=st.integers(1, 12),
    coming=st.lists(st.integers(0, 9), max_size=8),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_each_message_is_visited_once_and_a_refresh_leaves_no_hole(
    stack: Stack, count: int, size: int, coming: list[int]
) -> None:
    """`next` shows what there was at the first page, `minimum_id` all that came since then."""
    inbox = Inbox(stack)
    try:
        await inbox.receive(count)
        before, left = list(inbox.ids), list(coming)

        assert await inbox.walk(size, left) == before
        if before:
            newer = await inbox.walk(size, left, newer_than=before[0])
            assert newer == inbox.ids[:-count]
    finally:
        await inbox.clear()
