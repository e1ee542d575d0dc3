"""A gateway with the secret may name the caller; nobody else may."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import (
    CITIZEN,
    LIMITED_KEY,
    LIMITED_SERVICE_ID,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import with_groups, with_service
from tests.builders.settings import settings_for
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack, refusal

SECRET = "sandbox-gateway-secret"
PREVIOUS = "sandbox-gateway-secret-of-last-year"
USER = f"user-of-{SENDER_KEY}"
ANONYMOUS = (
    403,
    "Anonymous user",
    "The request could not be associated to a user, missing userId or subscriptionId.",
)


@pytest.fixture
async def trusting(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that trusts a gateway, whose secret is being replaced."""
    settings = settings_for(tmp_path, gateway_secret=SECRET, gateway_secret_previous=PREVIOUS)
    stack = await Stack(tmp_path, settings).start()
    yield stack
    await stack.app.close()


async def submit(
    stack: Stack,
    *,
    secret: str | None = SECRET,
    subscription: str | None = SERVICE_ID,
    user: str | None = USER,
    groups: str | None = None,
    key: str | None = None,
    **message: Any,
) -> Reply:
    """Submit a message by a gateway."""
    sent = {
        "x-recapito-gateway": secret,
        "x-subscription-id": subscription,
        "x-user-id": user,
        "x-user-groups": groups,
    }
    headers = {name: value for name, value in sent.items() if value is not None}
    return await stack.call("submit_message", a_message(**message), key=key, headers=headers)


@pytest.mark.parametrize("secret", [SECRET, PREVIOUS])
@pytest.mark.parametrize("user", [USER, f"/subscriptions/1/users/{USER}"])
async def test_the_gateway_names_the_caller(trusting: Stack, secret: str, user: str) -> None:
    """By the current secret or the previous one; the user as IO's gateway writes it, or alone."""
    reply = await submit(trusting, secret=secret, user=user)

    assert reply.status == 201
    assert "RateLimit-Limit" in reply.headers


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], f"{SECRET},{SECRET}", "è" * 22])
async def test_without_the_secret_the_headers_count_for_nothing(
    trusting: Stack, secret: str | None
) -> None:
    """A caller without a key is refused; a caller with a key acts by its key alone."""
    assert (await submit(trusting, secret=secret)).status == 401
    assert (await submit(trusting, secret=secret, key=LIMITED_KEY)).status == 201
    refused = await submit(trusting, secret=secret, key=LIMITED_KEY, fiscal_code=OTHER_CITIZEN)
    assert refusal(refused)[1] == "Recipient forbidden"


async def test_without_the_setting_no_gateway_is_trusted(stack: Stack) -> None:
    """An empty secret is the secret of nobody."""
    for secret in ("", SECRET):
        assert (await submit(stack, secret=secret)).status == 401


async def test_the_named_caller_counts_before_a_key(trusting: Stack) -> None:
    """The gateway may pass on the header of the key that it has checked, or a key of its own."""
    assert (await submit(trusting, key="of-the-gateway")).status == 201


@pytest.mark.parametrize(("subscription", "user"), [(None, USER), (SERVICE_ID, None), ("", "")])
async def test_a_caller_without_a_name_is_refused_as_in_io(
    trusting: Stack, subscription: str | None, user: str | None
) -> None:
    """The gateway must name the user and the subscription."""
    assert refusal(await submit(trusting, subscription=subscription, user=user)) == ANONYMOUS


@pytest.mark.parametrize(
    ("subscription", "user"),
    [
        (SERVICE_ID, "somebody-else"),
        (SERVICE_ID, f"{USER}/somebody-else"),
        ("unknown", USER),
        ("a/b?c#d", USER),
        ("x" * 300, USER),
        (f"{SERVICE_ID},{SERVICE_ID}", USER),
        ("OPERATIONS", "user-of-sandbox-operator-key"),
    ],
)
async def test_a_name_that_does_not_agree_is_refused(
    trusting: Stack, subscription: str, user: str
) -> None:
    """Another account, no subscription, two of them, or an operator's."""
    reply = await submit(trusting, subscription=subscription, user=user)

    assert refusal(reply)[:2] == (403, "You are not allowed here")


async def test_no_gateway_acts_as_an_operator(trusting: Stack) -> None:
    """Operators call with their own key."""
    headers = {
        "x-recapito-gateway": SECRET,
        "x-subscription-id": "OPERATIONS",
        "x-user-id": "user-of-sandbox-operator-key",
    }
    assert (await trusting.call("read_queues", key=None, headers=headers)).status == 403


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        ("ApiMessageWrite", None),
        ("ApiMessageRead,ApiMessageWrite,NoSuchGroup", None),
        ("ApiMessageRead", "You are not allowed here"),
        ("", "User has no valid scopes"),
        (" ApiMessageWrite", "User has no valid scopes"),
        ("NoSuchGroup", "User has no valid scopes"),
    ],
)
async def test_groups_narrow_the_rights(trusting: Stack, groups: str, title: str | None) -> None:
    """As in IO, names are not trimmed, and unknown names are left out."""
    reply = await submit(trusting, groups=groups)

    assert (reply.status, reply.body.get("title")) == (403 if title else 201, title)


async def test_groups_never_widen_the_rights(trusting: Stack) -> None:
    """A key of the trial mode stays in the trial mode, whatever groups the gateway names."""
    limited = {"subscription": LIMITED_SERVICE_ID, "user": f"user-of-{LIMITED_KEY}"}
    every = ",".join(Group)

    assert (await submit(trusting, **limited, groups=every, fiscal_code=CITIZEN)).status == 201
    refused = await submit(trusting, **limited, groups=every, fiscal_code=OTHER_CITIZEN)
    assert refusal(refused)[1] == "Recipient forbidden"


async def test_the_trial_mode_is_not_left_by_leaving_its_group_out(trusting: Stack) -> None:
    """The group restricts: a subscription with it and the right to write stays restricted."""
    key = await with_groups(trusting, Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)
    named = {"subscription": f"subscription-of-{key}", "user": "u"}

    reply = await submit(trusting, **named, groups="ApiMessageWrite", fiscal_code=OTHER_CITIZEN)
    assert reply.status == 403


async def test_the_networks_of_the_service_count_for_the_gateway_too(trusting: Stack) -> None:
    """The gateway stands for the caller's key, and not for its address."""
    await with_service(trusting, authorized_cidrs=["192.0.2.0/24"])

    assert refusal(await submit(trusting))[:2] == (403, "You are not allowed here")


async def test_a_suspended_subscription_is_refused(trusting: Stack) -> None:
    """As its keys are."""
    await trusting.app.repositories.subscriptions.suspend(SERVICE_ID)

    assert (await submit(trusting)).status == 403


async def test_a_named_caller_is_cached(counted: CountedStack) -> None:
    """Three point reads the first time, the organisation's among them, and none after it."""
    gateway = counted.app.identity.authenticate_gateway
    counted.reset()
    for _ in range(3):
        await gateway(SERVICE_ID, USER, None)

    assert counted.documents == {"read": 3}
