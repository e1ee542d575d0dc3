"""An organisation on trial writes to few citizens, a few times a day."""

from datetime import timedelta
from typing import Any

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY, ORGANIZATION, SENDER_KEY
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.organizations import with_organization
from tests.builders.payment_notices import a_notice, number
from tests.builders.services import with_groups
from tests.stack import Reply, Stack, refusal

RIGHTS = (Group.MESSAGE_WRITE, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ)


async def trial_key(stack: Stack) -> str:
    """Return the key of a service whose organisation is on trial."""
    await with_organization(stack, OrganizationState.TRIAL, ORGANIZATION)
    return await with_groups(
        stack, *RIGHTS, authorized_recipients=[CITIZEN], max_allowed_payment_amount=1_000_000
    )


async def submit(stack: Stack, key: str, idempotency_key: str = "", **changes: Any) -> Reply:
    """Submit a message."""
    headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
    return await stack.call("submit_message", a_message(**changes), key=key, headers=headers)


async def test_a_trial_reaches_the_authorised_recipients_alone(fresh: Stack) -> None:
    """The key may write to everybody by its groups, and its organisation is on trial."""
    key = await trial_key(fresh)

    assert (await submit(fresh, key, fiscal_code=CITIZEN)).status == 201
    other = await submit(fresh, key, fiscal_code="RSSMRA80A01H501U")
    assert refusal(other) == (
        403,
        "Recipient forbidden",
        "You are not allowed to issue requests for the recipient.",
    )


async def test_the_cap_of_a_day_holds_for_messages_and_notices_together(fresh: Stack) -> None:
    """The third of a day is refused, and the answer names the cap and the next day."""
    key = await trial_key(fresh)

    first = await submit(fresh, key)
    second = await fresh.call("submit_payment_notice", a_notice(), key=key)
    third = await submit(fresh, key)
    notice = await fresh.call("submit_payment_notice", a_notice(notice_number=number(2)), key=key)

    assert [one.status for one in (first, second, third, notice)] == [201, 201, 429, 429]
    status, title, detail = refusal(third)
    assert (status, title) == (429, "Too many requests")
    assert "2 messages a day" in detail
    assert 0 < int(third.headers["Retry-After"]) <= 25 * 3600


async def test_a_new_day_in_italy_has_a_new_cap(fresh: Stack) -> None:
    """Retry-After leads to the next day."""
    key = await trial_key(fresh)
    for _ in range(2):
        await submit(fresh, key)
    seconds = int((await submit(fresh, key)).headers["Retry-After"])

    fresh.clock.advance(timedelta(seconds=seconds - 2))
    late = await submit(fresh, key)
    fresh.clock.advance(timedelta(seconds=3))
    next_day = await submit(fresh, key)

    assert (late.status, next_day.status) == (429, 201)


async def test_two_services_of_an_organisation_share_the_cap(fresh: Stack) -> None:
    """The organisation is on trial, not the service."""
    keys = [
        await trial_key(fresh),
        await with_groups(
            fresh,
            *RIGHTS,
            service_id="another",
            key="sandbox-another-key",
            authorized_recipients=[CITIZEN],
        ),
    ]

    statuses = [(await submit(fresh, key)).status for key in (*keys, *keys)]
    assert statuses == [201, 201, 429, 429]


async def test_a_repeated_request_is_counted_once(fresh: Stack) -> None:
    """A request refused at the cap is not let through by its idempotency key."""
    key = await trial_key(fresh)
    statuses = [
        (await submit(fresh, key, name)).status for name in ("a", "a", "a", "b", "c", "c", "a")
    ]

    assert statuses == [201, 201, 201, 201, 429, 429, 201]


async def test_a_refused_message_is_not_counted(fresh: Stack) -> None:
    """A message that the sender may not send uses up nothing."""
    key = await trial_key(fresh)
    for _ in range(3):
        await submit(fresh, key, fiscal_code="RSSMRA80A01H501U")

    assert (await submit(fresh, key)).status == 201


async def test_an_approval_ends_the_trial(fresh: Stack) -> None:
    """The same key writes to everybody, without a cap."""
    key = await with_groups(fresh, *RIGHTS)
    await with_organization(fresh, OrganizationState.APPROVED, ORGANIZATION)

    statuses = [(await submit(fresh, key, fiscal_code="RSSMRA80A01H501U")).status for _ in range(3)]
    assert statuses == [201, 201, 201]


async def test_all_keys_of_a_suspended_organisation_are_refused(fresh: Stack) -> None:
    """Service keys and manage keys are refused as unknown; operators' keys belong to no body."""
    await with_organization(fresh, OrganizationState.SUSPENDED, ORGANIZATION)

    assert (await submit(fresh, SENDER_KEY)).status == 401
    assert (await fresh.call("read_reminder_policy", key=MANAGE_KEY)).status == 401
    assert (await fresh.call("read_queues", key=OPERATOR_KEY)).status == 200


async def test_a_dry_run_tells_what_is_left_and_counts_nothing(fresh: Stack) -> None:
    """With none left it is refused as the submission would be; the same notice counts no more."""
    key = await trial_key(fresh)

    async def left(name: str, body: Any) -> Any:
        reply = await fresh.call(name, body, key=key)
        assert reply.status in {200, 429}, reply
        return reply.body.get("trial_messages_left") if reply.status == 200 else reply.status

    async def both() -> list[Any]:
        return [
            await left("dry_run_message", a_message()),
            await left("dry_run_payment_notice", a_notice()),
        ]

    assert [await both(), await both()] == [[2, 2], [2, 2]]
    assert (await submit(fresh, key)).status == 201
    assert await both() == [1, 1]
    assert (await fresh.call("submit_payment_notice", a_notice(), key=key)).status == 201

    # the notice is sent already, so nothing more would be sent
    assert await both() == [429, None]
    assert (await submit(fresh, key)).status == 429


async def test_the_limits_tell_what_is_left_of_the_trial(fresh: Stack) -> None:
    """Each key of the organisation sees the same numbers; an approved one has no such limit."""
    key = await trial_key(fresh)
    await submit(fresh, key)

    for caller in (key, MANAGE_KEY):
        trial = (await fresh.call("read_limits", key=caller)).body["trial"]
        assert (trial["limit"], trial["remaining"]) == (2, 1)
        assert trial["resets_at"] == "2026-11-23T23:00:00.000Z"
    path = {"fiscal_code": ORGANIZATION}
    await fresh.call("approve_organization", path=path, key=OPERATOR_KEY)
    assert "trial" not in (await fresh.call("read_limits", key=key)).body
