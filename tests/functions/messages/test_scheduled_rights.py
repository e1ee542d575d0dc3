"""The rights of a sender are checked again at the set time, and an intermediary has its own."""

from collections.abc import Awaitable, Callable

import pytest

from infra.local.sandbox.seed import LIMITED_KEY, ORGANIZATION, SENDER_KEY, SERVICE_ID
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from lib.ports.schema.senders import SERVICES, SUBSCRIPTIONS
from tests.builders.organizations import with_organization
from tests.builders.payments import payable
from tests.builders.services import with_groups, with_key_of_2026_11, with_service
from tests.functions.messages.scheduled_calls import (
    SET_TIME,
    cancel,
    inbox,
    read,
    schedule,
    scheduled,
    wait_until,
)
from tests.stack import Stack
from tests.stored import stored_message

WRITE = (Group.MESSAGE_WRITE, Group.MESSAGE_READ)


async def gone(stack: Stack) -> None:
    """Delete the service from the registry."""
    await stack.store.delete(SERVICES, SERVICE_ID, SERVICE_ID)


async def suspended(stack: Stack) -> None:
    """Suspend the subscription, as the deletion of a managed service does."""
    await stack.app.repositories.subscriptions.suspend(SERVICE_ID)


async def organization_suspended(stack: Stack) -> None:
    """Suspend the organisation."""
    await with_organization(stack, OrganizationState.SUSPENDED, ORGANIZATION)


async def on_trial(stack: Stack) -> None:
    """Set the organisation back to the trial: then it writes to authorised recipients alone."""
    await with_organization(stack, OrganizationState.TRIAL, ORGANIZATION)


async def small(stack: Stack) -> None:
    """Lower the largest amount."""
    await with_service(stack, max_allowed_payment_amount=100)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (gone, "SENDER_NOT_ALLOWED"),
        (suspended, "SENDER_NOT_ALLOWED"),
        (organization_suspended, "SENDER_NOT_ALLOWED"),
        (on_trial, "RECIPIENT_NOT_ALLOWED"),
        (small, "AMOUNT_TOO_HIGH"),
    ],
)
async def test_a_lost_right_stops_it(
    stack: Stack, change: Callable[[Stack], Awaitable[None]], reason: str
) -> None:
    """The message is rejected at its set time, and its sender reads why."""
    id_ = await schedule(stack, content=payable(), fiscal_code="RSSMRA80A01H501U")
    await change(stack)

    await wait_until(stack, SET_TIME)

    message = await stored_message(stack, id_, "RSSMRA80A01H501U")
    assert (message.status, message.rejection) == ("REJECTED", reason)
    assert stack.push.sent == []


async def test_the_reason_is_read(stack: Stack) -> None:
    """Also in the list of sent messages, the message is REJECTED."""
    id_ = await schedule(stack, content=payable())
    await small(stack)
    await wait_until(stack, SET_TIME)

    answer = await read(stack, id_, prefer="include=rejection,history")
    assert answer["rejection_reason"] == "AMOUNT_TOO_HIGH"
    assert [one["status"] for one in answer["status_history"]] == ["SCHEDULED", "REJECTED"]
    (item,) = (await stack.call("list_sent_messages")).body["items"]
    assert (item["id"], item["status"]) == (id_, "REJECTED")
    assert (await cancel(stack, id_)).status == 204


async def test_a_removed_recipient_gets_nothing(stack: Stack) -> None:
    """A limited key's recipients are those of the set time."""
    id_ = await schedule(stack, key=LIMITED_KEY)
    limited = (await stored_message(stack, id_)).sender.service_id
    await with_service(stack, limited, authorized_recipients=[])

    await wait_until(stack, SET_TIME)

    assert (await stored_message(stack, id_)).rejection == "RECIPIENT_NOT_ALLOWED"


async def test_a_lost_group_stops_its_content_alone(stack: Stack) -> None:
    """Of two messages of a service, the one that needs the group is rejected."""
    key = await with_groups(stack, *WRITE, Group.MESSAGE_WRITE_ADVANCED)
    plain = await schedule(stack, key=key)
    advanced = await schedule(stack, key=key, feature_level_type="ADVANCED")
    await with_groups(stack, *WRITE)

    await wait_until(stack, SET_TIME)

    assert await inbox(stack) == [plain]
    assert (await stored_message(stack, advanced)).rejection == "SENDER_NOT_ALLOWED"


async def test_a_key_of_2026_11_sends_later(stack: Stack) -> None:
    """Its service has no subscription that could say its groups, and its organisation counts."""
    key = "key-of-2026-11"
    await with_key_of_2026_11(stack, key, *WRITE)
    await stack.store.delete(SUBSCRIPTIONS, SERVICE_ID, SERVICE_ID)
    id_ = await schedule(stack, key=key)
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == [id_]

    other = await schedule(stack, SET_TIME.replace(hour=12), key=key)
    await organization_suspended(stack)
    await wait_until(stack, SET_TIME.replace(hour=12))
    assert (await stored_message(stack, other)).rejection == "SENDER_NOT_ALLOWED"


async def test_a_citizen_who_blocked_the_service_gets_nothing(stack: Stack) -> None:
    """The choices of the set time count, and the sender sees what IO would show."""
    id_ = await schedule(stack, fiscal_code="BLOCKD00A00A000A")
    await wait_until(stack, SET_TIME)
    answer = await read(stack, id_, "BLOCKD00A00A000A", prefer="include=rejection")
    assert (answer["status"], answer["rejection_reason"]) == ("REJECTED", "NOT_REACHABLE")


async def test_an_intermediary_has_its_own(stack: Stack) -> None:
    """It lists and cancels what it scheduled alone; the service sees and cancels all."""
    of_service = await schedule(stack)
    key = await with_groups(stack, *WRITE, service_id=SERVICE_ID, intermediary="i")
    own = [await schedule(stack, key=key) for _ in range(2)]

    assert {one["id"] for one in await scheduled(stack, key)} == set(own)
    assert {one["id"] for one in await scheduled(stack)} == {of_service, *own}
    assert (await cancel(stack, of_service, key)).status == 404
    assert (await cancel(stack, own[0], key)).status == 204
    assert (await cancel(stack, own[1])).status == 204
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == [of_service]


async def test_another_service_neither_lists_nor_cancels(stack: Stack) -> None:
    """To it the message does not exist; a limited key may not cancel for other recipients."""
    id_ = await schedule(stack)
    other = await with_groups(stack, *WRITE)
    limited = await with_groups(
        stack, Group.LIMITED_MESSAGE_WRITE, service_id=SERVICE_ID, key="limited"
    )

    assert await scheduled(stack, other) == []
    assert (await cancel(stack, id_, other)).status == 404
    assert (await cancel(stack, id_, limited)).status == 403
    assert len(await scheduled(stack, SENDER_KEY)) == 1
