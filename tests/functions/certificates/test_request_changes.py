"""A service follows the requests for its certificates."""

import asyncio
from datetime import timedelta
from typing import Any

from functions.timers.operations import sweep
from infra.local.sandbox.seed import SPECIAL_KEY
from lib.domain.inbox.change_token import OVERLAP
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.counted_stack import CountedStack
from tests.functions.certificates.certificate_calls import REFUSAL, answer, ask, asked, withdraw
from tests.stack import Reply, Stack, refusal


async def changes(stack: Stack, **query: str) -> Reply:
    """Ask for a page of changes."""
    return await stack.call("list_certificate_request_changes", query=query)


class Copy:
    """The copy of the requests at a service."""

    def __init__(self, stack: Stack, limit: int = 1) -> None:
        self.statuses: dict[str, str] = {}
        self._stack, self._query = stack, {"limit": str(limit)}

    async def follow(self) -> list[str]:
        """Take all changes into the copy; return the ids that came."""
        came: list[str] = []
        more: Any = True
        while more:
            page = await changes(self._stack, **self._query)
            assert page.status == 200, page
            self.statuses |= {one["id"]: one["status"] for one in page.body["items"]}
            came += [one["id"] for one in page.body["items"]]
            self._query["since"], more = page.body["token"], page.body["more"]
        return came


async def test_each_change_of_a_request_is_followed(stack: Stack) -> None:
    """Its coming, its answer, its withdrawal, its expiry; pages of one request miss nothing."""
    copy = Copy(stack)
    assert await copy.follow() == []
    refused, withdrawn = await asked(stack), await asked(stack, OTHER_CITIZEN)
    assert set(await copy.follow()) == {refused, withdrawn}
    assert set(copy.statuses.values()) == {"PENDING"}

    await answer(stack, refused, REFUSAL)
    await withdraw(stack, withdrawn, OTHER_CITIZEN)
    expired = (await ask(stack)).body["id"]
    await copy.follow()
    assert copy.statuses == {refused: "REFUSED", withdrawn: "WITHDRAWN", expired: "PENDING"}

    stack.clock.advance(timedelta(days=11))
    # those of the last minutes once more
    await copy.follow()
    assert await copy.follow() == []
    await sweep.tick(stack.app)
    assert await copy.follow() == [expired]
    assert copy.statuses[expired] == "EXPIRED"


async def test_requests_that_change_during_a_walk_are_not_missed(stack: Stack) -> None:
    """Whatever is written between the pages, the copy ends as the list."""
    ids = [await asked(stack), await asked(stack, OTHER_CITIZEN)]
    copy = Copy(stack)
    await asyncio.gather(
        copy.follow(), answer(stack, ids[0], REFUSAL), withdraw(stack, ids[1], OTHER_CITIZEN)
    )

    await copy.follow()

    assert copy.statuses == {ids[0]: "REFUSED", ids[1]: "WITHDRAWN"}


async def test_changes_are_those_of_the_service(stack: Stack) -> None:
    """Another service has its own; a strange or an old token is refused."""
    await asked(stack)
    other = await stack.call("list_certificate_request_changes", key=SPECIAL_KEY)
    assert other.body["items"] == []
    token = other.body["token"]
    stack.clock.advance(timedelta(days=366))

    for wrong in ("x", token):
        assert refusal(await changes(stack, since=wrong))[:2] == (400, "Invalid query parameters")


async def test_a_page_of_changes_is_one_query(counted: CountedStack) -> None:
    """With nothing new, too."""
    await asked(counted)
    token = (await changes(counted)).body["token"]
    counted.clock.advance(2 * OVERLAP)
    counted.reset()

    await changes(counted, since=token)

    assert counted.documents == {"query": 1}
