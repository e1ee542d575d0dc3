"""A service has a reminder policy, and a message may have its own."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import LIMITED_SERVICE_ID, MANAGE_KEY, SERVICE_ID
from lib.domain.reminders.policy import ReminderPolicy
from lib.ports.schema.senders import SERVICES
from lib.repositories.services.services import Services
from tests.builders.messages import WITH_WARNINGS, a_message
from tests.builders.services import with_service
from tests.stack import Reply, Stack, refusal
from tests.stored import stored_message, stored_text

IN_FORCE = {
    "is_enabled": True,
    "days": [7, 3, 1, 0],
    "hour": 9,
    "max": 4,
    "working_days_only": True,
}
URL = "https://comune.example/check?sig=a%2Fb"


async def read(stack: Stack) -> Reply:
    """Read the policy."""
    return await stack.call("read_reminder_policy", key=MANAGE_KEY)


async def change(stack: Stack, tag: str | None = None, **policy: Any) -> Reply:
    """Set the policy."""
    headers = {} if tag is None else {"if-match": tag}
    return await stack.call("change_reminder_policy", policy, key=MANAGE_KEY, headers=headers)


async def policy_of(stack: Stack, **changes: Any) -> Any:
    """Submit a message; return the policy stored with it, None where it has none."""
    id_ = await stack.submit(**changes)
    return (await stored_message(stack, id_)).reminders.policy_fields


async def test_the_default_holds_until_there_is_another(stack: Stack) -> None:
    """A service without a policy has the default, and nothing is stored."""
    reply = await read(stack)

    assert (reply.status, reply.body) == (200, IN_FORCE)
    assert await policy_of(stack) is None


async def test_a_policy_is_set_as_a_whole(stack: Stack) -> None:
    """A field that is left out has its default, whatever was set before."""
    await change(stack, hour=10, max=2, holidays_of="RM")
    reply = await change(stack, days=[1, 14], unread_after_days=3, condition_url=URL)

    expected = {**IN_FORCE, "days": [14, 1], "unread_after_days": 3, "condition_url": URL}
    assert (reply.status, reply.body) == (200, expected)
    assert (await read(stack)).body == expected
    assert (await read(stack)).headers["ETag"] == reply.headers["ETag"]


async def test_a_policy_holds_for_messages_accepted_afterwards(stack: Stack) -> None:
    """A message keeps the policy of its acceptance."""
    await change(stack, hour=10, max=4, condition_url=URL)
    id_ = await stack.submit()
    await change(stack, is_enabled=False)

    fields = (await stored_message(stack, id_)).reminders.policy_fields
    assert fields == {"hour": 10, "condition_url": URL}


async def test_a_message_s_policy_overrides_its_service_s(stack: Stack) -> None:
    """A message overrides the policy field by field, also with null or the default."""
    await change(stack, hour=10, unread_after_days=3, condition_url=URL, days=[5])

    assert await policy_of(stack, reminders={}) == {
        "hour": 10,
        "unread_after_days": 3,
        "condition_url": URL,
        "days": [5],
    }
    own = {"hour": 9, "unread_after_days": None, "condition_url": None, "max": 1}
    stored = await policy_of(stack, reminders=own)
    assert stored == {"days": [5], "max": 1}
    assert ReminderPolicy.model_validate(stored).hour == 9


@pytest.mark.parametrize(
    ("reminders", "pointer", "line"),
    [
        ({"hour": 21}, "/hour", "value 21 at root.reminders.hour is not a valid [integer >= 8"),
        (
            {"days": [3, 99]},
            "/days/1",
            "value 99 at root.reminders.days.1 is not a valid [array of up to 10 distinct",
        ),
        ({"days": [3, 3]}, "/days", "value [3,3] at root.reminders.days is not a valid [array of"),
        (
            {"condition_url": "http://comune.example/"},
            "/condition_url",
            (
                'value "http://comune.example/" at root.reminders.condition_url is not a valid '
                "[https URL of a public host]"
            ),
        ),
        (None, "", "value null at root.reminders is not a valid [ReminderPolicy]"),
        ([], "", "value [] at root.reminders is not a valid [ReminderPolicy]"),
    ],
)
async def test_a_wrong_policy_of_a_message_is_refused_as_in_io(
    stack: Stack, reminders: Any, pointer: str, line: str
) -> None:
    """A wrong policy gets 400 with the field and its rule."""
    reply = await stack.call("submit_message", {**a_message(), "reminders": reminders})

    assert refusal(reply)[:2] == (400, "Invalid message structure")
    assert reply.body["errors"][0]["pointer"] == f"/reminders{pointer}"
    assert reply.body["errors"][0]["detail"]
    assert refusal(reply)[2].startswith(line)


async def test_an_unknown_field_of_a_policy_gets_a_warning(stack: Stack) -> None:
    """The warning names the unknown field."""
    reply = await stack.call(
        "submit_message", a_message(reminders={"our": 9}), headers=WITH_WARNINGS
    )

    assert [one["pointer"] for one in reply.body["warnings"]] == ["/reminders/our"]


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ({"hour": 9}, {"hour": 9}, 201),
        ({"days": [1, 2]}, {"days": [2, 1]}, 201),
        ({}, {"hour": 9}, 422),
        ({"hour": 9}, {"hour": 10}, 422),
        (None, {}, 422),
    ],
)
async def test_another_reminder_policy_is_another_body_for_the_key(
    stack: Stack, first: Any, second: Any, status: int
) -> None:
    """A body with another policy gets 422 under the same key."""
    key = {"idempotency-key": "k"}
    await stack.call("submit_message", a_message(reminders=first), headers=key)

    reply = await stack.call("submit_message", a_message(reminders=second), headers=key)

    assert status == reply.status


async def test_a_wrong_policy_is_refused(stack: Stack) -> None:
    """A wrong policy gets 400 with each wrong field."""
    reply = await change(stack, hour="9", holidays_of="Roma")

    assert refusal(reply)[:2] == (400, "Invalid ReminderPolicy")
    assert [one["pointer"] for one in reply.body["errors"]] == ["/hour", "/holidays_of"]
    assert (await read(stack)).body == IN_FORCE


async def test_if_match_keeps_two_changes_apart(stack: Stack) -> None:
    """A change with an old ETag gets 412, and writes nothing."""
    tag = (await read(stack)).headers["ETag"]

    assert (await change(stack, tag, hour=10)).status == 200
    late = await change(stack, tag, hour=11)

    assert refusal(late)[:2] == (412, "Precondition failed")
    assert (await read(stack)).body["hour"] == 10
    assert (await change(stack, "*", hour=12)).status == 200


async def test_a_repeated_change_succeeds(stack: Stack) -> None:
    """A repeated change gets the same answer, since its first one may have been lost."""
    tag = (await read(stack)).headers["ETag"]
    first = await change(stack, tag, hour=10)

    again = await change(stack, tag, hour=10)

    assert (again.status, again.body) == (200, first.body)


async def test_another_field_of_the_service_is_no_conflict(stack: Stack) -> None:
    """The ETag is the policy's, and a change keeps the rest of the service."""
    tag = (await read(stack)).headers["ETag"]
    await with_service(stack, service_name="Tributi locali")

    assert (await change(stack, tag, hour=10)).status == 200

    service = await Services(stack.store, timedelta(0)).get(SERVICE_ID)
    assert service is not None
    assert (service.name, service.reminder_policy.hour) == ("Tributi locali", 10)


async def test_of_changes_at_once_one_wins(stack: Stack) -> None:
    """Of changes at once with the same ETag one is accepted."""
    tag = (await read(stack)).headers["ETag"]

    replies = await asyncio.gather(*(change(stack, tag, hour=hour) for hour in range(10, 20)))

    assert Counter(reply.status for reply in replies) == {200: 1, 412: 9}
    (won,) = (reply.body for reply in replies if reply.status == 200)
    assert (await read(stack)).body == won


async def test_a_change_reaches_the_key_s_own_service_alone(stack: Stack) -> None:
    """The policy of another service stays as it is."""
    await change(stack, hour=10)

    other = await stored_text(stack, SERVICES, LIMITED_SERVICE_ID, LIMITED_SERVICE_ID)
    assert "reminder_policy" not in other


@pytest.mark.parametrize("endpoint", ["read_reminder_policy", "change_reminder_policy"])
async def test_a_key_that_manages_nothing_is_refused(stack: Stack, endpoint: str) -> None:
    """A sender's key gets 403."""
    assert (await stack.call(endpoint, {})).status == 403


@pytest.mark.parametrize("endpoint", ["read_reminder_policy", "change_reminder_policy"])
@pytest.mark.parametrize("tag", ["*", '"x"'])
async def test_a_key_without_its_service_is_refused(stack: Stack, endpoint: str, tag: str) -> None:
    """The key of a deleted service gets 401, also while it is cached."""
    await read(stack)
    await stack.store.delete(SERVICES, SERVICE_ID, SERVICE_ID)

    reply = await stack.call(endpoint, {}, key=MANAGE_KEY, headers={"if-match": tag})

    assert reply.status == 401
