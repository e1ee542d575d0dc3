"""Helpers of the tests of searches."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.inbox.change_token import OVERLAP
from lib.domain.shared.identifiers import MessageId
from lib.use_cases.inbox.search_inbox import MOST_FRESH
from tests.builders.inboxes import deliver_now
from tests.stack import Stack

MANY = MOST_FRESH + 20


async def search(
    stack: Stack, q: str, citizen: str = CITIZEN, page: dict[str, Any] | None = None, **filters: Any
) -> dict[str, Any]:
    """Return a page of a search."""
    body = {"filter": {"q": q, **filters}, **(page or {})}
    reply = await stack.call("search_inbox", body, citizen=citizen)
    assert reply.status == 200, reply
    return dict(reply.body)


async def found(
    stack: Stack, q: str, size: int = 100, *, newer_than: str = "", **filters: Any
) -> list[str]:
    """Return the ids of all pages of a search, the newest first, by `next` or by `prev`."""
    ids: list[str] = []
    bound, name = newer_than, "minimum_id" if newer_than else "maximum_id"
    while True:
        bounds = {name: bound} if bound else {}
        page = await search(stack, q, page={"page_size": size, **bounds}, **filters)
        shown = [item["id"] for item in page["items"]]
        assert len(shown) <= size
        ids = shown + ids if newer_than else ids + shown
        bound = page.get("prev" if newer_than else "next", "")
        if not bound:
            return ids


async def deliver(stack: Stack, since: int, texts: Sequence[str]) -> list[MessageId]:
    """Write messages `since` and on with these texts, as delivered now; return their ids."""
    return await deliver_now(stack.store, CITIZEN, stack.clock.now(), since, texts)


async def with_index(stack: Stack) -> None:
    """Let the inbox be indexed, and time pass until its messages are found by the index alone."""
    for _ in range(2):
        stack.clock.advance(OVERLAP + timedelta(minutes=1))
        await search(stack, "any")
        await stack.drain()
