"""The operators' log has each change of an operator, before and after it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.services.rights import ServiceRights
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.operations import OPERATORS_LOG
from tests.doubles.counted_stack import CountedStack
from tests.doubles.telemetry import Kept
from tests.stack import Stack

WHY: Final = "The store is back."
RIGHTS: Final = {"category": "SPECIAL", "reads_subscriptions_feed": False}
SERVICE: Final = {"service_id": SERVICE_ID}


async def logged(stack: Stack, **query: str) -> list[dict[str, Any]]:
    """Return the entries of the log."""
    reply = await stack.call("list_operator_actions", query=query, key=OPERATOR_KEY)
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.body["items"]
    return items


async def change_rights(stack: Stack, **path: str) -> int:
    """Change the rights of a service, and return the status."""
    reply = await stack.call(
        "change_service_rights", RIGHTS, path={**SERVICE, **path}, key=OPERATOR_KEY
    )
    return reply.status


async def feature(stack: Stack, *services: str) -> None:
    """Put services in front of the catalogue."""
    body = {"institutions": [], "services": list(services)}
    assert (await stack.call("change_featured", body, key=OPERATOR_KEY)).status == 200


async def test_an_entry_has_operator_target_reason_and_outcome(stack: Stack) -> None:
    """Of a replay with its count, of a change with its values; the newest comes first."""
    letters = stack.app.repositories.dead_letters
    for text in ("{}", "[]"):
        await letters.keep(MESSAGE_SUBMITTED, text, "outage", timestamp(stack.clock.moment))
    path = {"queue": MESSAGE_SUBMITTED}
    await stack.call("replay_dead_letters", {"reason": WHY}, path=path, key=OPERATOR_KEY)
    stack.clock.advance(timedelta(seconds=1))
    assert await change_rights(stack) == 200

    changed, replayed = await logged(stack)

    assert replayed["operation"] == "replay_dead_letters"
    assert (replayed["queue"], replayed["reason"], replayed["count"]) == (MESSAGE_SUBMITTED, WHY, 2)
    assert replayed["outcome"] == changed["outcome"] == "DONE"
    assert changed["service_id"] == SERVICE_ID
    assert changed["at"] == timestamp(stack.clock.moment)
    assert changed["operator"] == replayed["operator"] != OPERATOR_KEY
    assert changed["values"] == [
        {"name": "category", "value": "SPECIAL"},
        {"name": "reads_subscriptions_feed", "value": "false"},
    ]


async def test_a_refused_change_is_logged_and_an_invalid_call_is_not(stack: Stack) -> None:
    """A letter that is gone is REFUSED; a wrong body, and a sender's key, leave no entry."""
    letter = "0" * 32
    path = {"queue": MESSAGE_SUBMITTED, "id": letter}
    for body, key, status in (
        ({"reason": WHY}, OPERATOR_KEY, 404),
        ({"reason": "x"}, OPERATOR_KEY, 400),
        ({"reason": WHY}, SENDER_KEY, 403),
    ):
        reply = await stack.call("replay_dead_letter", body, path=path, key=key)
        assert reply.status == status

    (entry,) = await logged(stack)

    assert (entry["dead_letter_id"], entry["outcome"]) == (letter, "REFUSED")


async def test_no_entry_names_a_citizen(stack: Stack) -> None:
    """A code in a reason, a queue, or the id of a service that an operator wrote is hidden."""
    await stack.call(
        "reject_service",
        {"reason": f"Ask {CITIZEN}."},
        path={"service_id": CITIZEN},
        key=OPERATOR_KEY,
    )
    await stack.call(
        "replay_dead_letters",
        {"reason": WHY},
        path={"queue": CITIZEN.lower()},
        key=OPERATOR_KEY,
    )
    await feature(stack, CITIZEN, SERVICE_ID)

    entries = await logged(stack)

    assert len(entries) == 3
    assert CITIZEN not in str(entries).upper()
    values = {one["name"]: one["value"] for entry in entries for one in entry["values"]}
    assert values == {"institutions": "", "services": f"***, {SERVICE_ID}"}


async def test_nothing_changes_where_the_entry_cannot_be_stored(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller gets 503, and the service keeps its rights."""
    before = await stack.app.services.rights.read(ServiceId(SERVICE_ID))
    monkeypatch.setattr(stack.store, "create", _away(stack.store.create))

    assert await change_rights(stack) == 503
    assert await stack.app.services.rights.read(ServiceId(SERVICE_ID)) == before


async def test_an_outcome_that_cannot_be_stored_fails_no_call(
    stack: Stack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is done, its entry stays STARTED, and a counter tells of it."""
    with monkeypatch.context() as patched:
        patched.setattr(stack.store, "patch", _away(stack.store.patch))
        assert await change_rights(stack) == 200

    (entry,) = await logged(stack)

    assert entry["outcome"] == "STARTED"
    assert kept.metric("recapito.outcomes_unnoted") == {(): 1}


async def test_an_outage_in_between_is_failed_and_a_death_stays_started(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage is stored; a process that ends stores nothing more."""
    rights = stack.app.services.rights

    async def away(_: ServiceId, __: ServiceRights) -> ServiceRights:
        raise UnavailableError("away")

    async def dies(_: ServiceId, __: ServiceRights) -> ServiceRights:
        raise asyncio.CancelledError

    monkeypatch.setattr(rights, "put", away)
    assert await change_rights(stack) == 503
    stack.clock.advance(timedelta(seconds=1))
    monkeypatch.setattr(rights, "put", dies)
    with pytest.raises(asyncio.CancelledError):
        await change_rights(stack)

    assert [one["outcome"] for one in await logged(stack)] == ["STARTED", "FAILED"]


async def test_the_log_goes_back_over_months_and_ends_after_a_year(tmp_path: Path) -> None:
    """Pages go from month to month; an operation or a day of Italy narrows the list."""
    stack = await Stack(tmp_path).start()
    # 00:30 of 1 February in Italy
    stack.clock.moment = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)
    await feature(stack)
    stack.clock.advance(timedelta(hours=20))
    await change_rights(stack)
    stack.clock.moment = datetime(2027, 4, 1, tzinfo=UTC)
    await feature(stack)

    seen: list[str] = []
    query = {"limit": "1"}
    while True:
        page = (await stack.call("list_operator_actions", query=query, key=OPERATOR_KEY)).body
        seen += [one["operation"] for one in page["items"]]
        if "next" not in page:
            break
        query["continuation"] = page["next"]
    assert seen == ["change_featured", "change_service_rights", "change_featured"]
    assert len(await logged(stack)) == 3
    assert len(await logged(stack, operation="change_featured")) == 2
    of_day = await logged(stack, day="2027-02-01")
    assert [one["operation"] for one in of_day] == ["change_service_rights", "change_featured"]
    assert await logged(stack, day="2027-01-31") == []
    assert len(await logged(stack, day="2027-02-01", operation="change_featured")) == 1

    stack.clock.moment = datetime(2028, 2, 15, tzinfo=UTC)
    assert len(await logged(stack)) == 1
    assert await logged(stack, day="2027-02-01") == []
    await stack.app.close()


@pytest.mark.parametrize("continuation", ["x", "2026-13", "9999-12", "2026-11x", "2026-11W10="])
async def test_a_wrong_continuation_is_refused(stack: Stack, continuation: str) -> None:
    """A continuation that the app did not make gets 400."""
    stack.clock.moment = datetime(2026, 11, 30, tzinfo=UTC)
    reply = await stack.call(
        "list_operator_actions", query={"continuation": continuation}, key=OPERATOR_KEY
    )

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "#/query/continuation"


@pytest.mark.parametrize(
    "query", [{"day": "2026-02-30"}, {"day": "0001-01-01"}, {"operation": "A"}]
)
async def test_a_wrong_filter_is_refused(stack: Stack, query: dict[str, str]) -> None:
    """No such day, a day before there were operators, no name of an operation."""
    reply = await stack.call("list_operator_actions", query=query, key=OPERATOR_KEY)

    assert reply.status == 400


async def test_a_change_costs_a_create_and_a_patch_more(counted: CountedStack) -> None:
    """A page of the log is one query, where its month fills it."""
    await feature(counted)
    counted.documents.clear()

    await feature(counted)
    written = dict(counted.documents)
    counted.documents.clear()
    await logged(counted, limit="1")

    assert written == {"create": 1, "patch": 1, "upsert": 1, "read": 1}
    assert counted.documents == counted.searches(queries=1)


def _away(works: Callable[..., Any]) -> Callable[..., Any]:
    """Return a write that fails for the log alone."""

    async def write(container: Container, *args: Any, **options: Any) -> Any:
        if container is OPERATORS_LOG:
            raise UnavailableError("away")
        return await works(container, *args, **options)

    return write
