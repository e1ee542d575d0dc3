"""An organisation gives, changes and revokes delegations; both sides list theirs."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.shared.values import timestamp
from tests.builders.organizations import INTERMEDIARY
from tests.builders.services import with_groups
from tests.functions.organizations.sides import INACTIVE, NOT_FOUND, OTHER_INTERMEDIARY, Sides
from tests.stack import refusal


async def test_a_request_gives_nothing_until_it_is_accepted(sides: Sides) -> None:
    """Both sides see the request; the organisation accepts it with its own terms."""
    requested = await sides.third("request_delegation", {"call_limit": 5})
    assert (requested.body["state"], requested.body["changed_by"]) == ("REQUESTED", "INTERMEDIARY")
    assert refusal(await sides.third("show_delegated_keys")) == INACTIVE
    given = await sides.organization("list_given_delegations")
    received = await sides.third("list_received_delegations")
    assert given.body["items"] == received.body["items"] == [requested.body]

    accepted = await sides.give()
    assert (accepted.body["state"], accepted.body["changed_by"]) == ("ACTIVE", "ORGANIZATION")
    assert "call_limit" not in accepted.body
    unchanged = await sides.third("request_delegation", {"call_limit": 999})
    assert unchanged.body == accepted.body
    assert await sides.send(await sides.sending_key()) == 201


async def test_a_delegation_cannot_end_before_it_begins(sides: Sides) -> None:
    """A mistyped year is refused, and the delegation that is given stays."""
    await sides.give()
    past = timestamp(sides.stack.clock.now() - timedelta(days=365))
    reply = await sides.organization("give_delegation", {"ends_at": past})
    assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, "/ends_at")
    (listed,) = (await sides.third("list_received_delegations")).body["items"]
    assert listed["state"] == "ACTIVE"
    assert "ends_at" not in listed


async def test_a_delegation_ends_at_its_end(sides: Sides) -> None:
    """The keys are refused at the moment, also cached ones."""
    ends_at = timestamp(sides.stack.clock.now() + timedelta(hours=1))
    await sides.give(ends_at=ends_at)
    key = await sides.sending_key()
    assert await sides.send(key) == 201
    sides.stack.clock.advance(timedelta(hours=1))

    assert await sides.send(key) == 401
    (listed,) = (await sides.third("list_received_delegations")).body["items"]
    assert (listed["state"], listed["ends_at"]) == ("EXPIRED", ends_at)
    assert refusal(await sides.third("show_delegated_keys")) == INACTIVE


async def test_named_services_are_the_limit(sides: Sides) -> None:
    """A service that is taken from the terms is closed at once."""
    await sides.give(service_ids=[SERVICE_ID, SERVICE_ID])
    key = await sides.sending_key()
    assert await sides.send(key) == 201
    await sides.give(service_ids=["another-service"])

    assert await sides.send(key) == 401
    assert refusal(await sides.third("show_delegated_keys"))[:2] == (
        403,
        "You are not allowed here",
    )


async def test_a_service_of_another_organisation_is_not_delegated(sides: Sides) -> None:
    """All services are those of the organisation that gave the delegation."""
    await sides.give()
    await with_groups(sides.stack, service_id="foreign", organization_fiscal_code="99999999990")

    for service_id in ("foreign", "unknown"):
        reply = await sides.third("show_delegated_keys", service_id=service_id)
        assert refusal(reply)[:2] == (404, "Service not found")


async def test_without_a_delegation_there_is_nothing(sides: Sides) -> None:
    """Neither keys, nor a log, nor a revocation."""
    replies = [
        await sides.third("show_delegated_keys"),
        await sides.third("replace_delegated_key", key_type="primary"),
        await sides.third("revoke_received_delegation"),
        await sides.third("list_received_messages"),
        await sides.organization("revoke_given_delegation"),
        await sides.organization("list_given_messages"),
    ]

    assert {refusal(reply) for reply in replies} == {NOT_FOUND}
    assert (await sides.organization("list_given_delegations")).body == {"items": []}
    assert (await sides.third("list_received_delegations")).body == {"items": []}


async def test_no_organisation_is_its_own_intermediary(sides: Sides) -> None:
    """Neither given nor requested."""
    given = await sides.stack.call(
        "give_delegation", {}, path={"intermediary_fiscal_code": INTERMEDIARY}, key=sides.key
    )
    requested = await sides.third("request_delegation", {}, organization_fiscal_code=INTERMEDIARY)

    for reply in (given, requested):
        assert refusal(reply)[:2] == (400, "Invalid delegation")


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        ({"service_ids": []}, "/service_ids"),
        ({"service_ids": ["not an id"]}, "/service_ids/0"),
        ({"ends_at": "2027-12-31"}, "/ends_at"),
        ({"call_limit": 0}, "/call_limit"),
        ({"call_limits": 1}, "/call_limits"),
    ],
)
async def test_wrong_terms_name_their_field(sides: Sides, terms: Any, pointer: str) -> None:
    """Nothing is given."""
    for reply in (
        await sides.organization("give_delegation", terms),
        await sides.third("request_delegation", terms),
    ):
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, pointer)


async def test_a_crash_between_the_two_documents_is_healed(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intermediary's document leads nowhere until the same call is made again."""
    store = sides.stack.app.ports.store

    async def die(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(store, "create", die)
        assert (await sides.organization("give_delegation", {})).status == 500
    assert (await sides.third("list_received_delegations")).body == {"items": []}
    await sides.give()

    (listed,) = (await sides.third("list_received_delegations")).body["items"]
    assert listed["state"] == "ACTIVE"


async def test_a_list_of_another_organisation_is_never_shown(sides: Sides) -> None:
    """Each manager reads the delegations of its own organisation."""
    await sides.give()
    other = await Sides(sides.stack, OTHER_INTERMEDIARY).start()

    assert (await other.third("list_received_delegations")).body == {"items": []}
    foreign = {"intermediary_fiscal_code": INTERMEDIARY}
    reply = await sides.stack.call("revoke_given_delegation", path=foreign, key=other.key)
    assert refusal(reply) == NOT_FOUND
