"""What senders and citizens see of a managed service, and when."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SERVICE_ID
from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from tests.builders.managed_services import Manager, a_service
from tests.builders.messages import a_message
from tests.builders.services import with_manage_key
from tests.builders.settings import settings_for
from tests.stack import Reply, Stack, refusal
from tests.stored import registry_entry

OTHER_CITIZEN = "RSSMRA80A01H501U"
ORGANIZATION = OrganizationFiscalCode("11223344556")


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that remembers no key and no service."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield stack
    await stack.app.close()


@pytest.fixture
def manager(fresh: Stack) -> Manager:
    """Give the sandbox's organisation."""
    return Manager(fresh)


async def key_of(manager: Manager, id_: str) -> str:
    """Return the primary key of a service."""
    reply = await manager.call("show_service_keys", id_)
    assert reply.status == 200
    return str(reply.body["primary_key"])


async def send(manager: Manager, key: str, fiscal_code: str = CITIZEN) -> Reply:
    """Send a message with a key."""
    message = a_message(fiscal_code=fiscal_code)
    return await manager.stack.call("submit_message", message, key=key)


async def test_a_new_service_writes_to_the_sandbox_recipient_at_once(manager: Manager) -> None:
    """And to its authorised recipients, but to no other citizen before its approval."""
    id_ = await manager.create(authorized_recipients=["MANUAL00A00A000A"])
    key = await key_of(manager, id_)

    assert (await send(manager, key)).status == 201
    assert (await send(manager, key, "MANUAL00A00A000A")).status == 201
    assert refusal(await send(manager, key, OTHER_CITIZEN))[:2] == (403, "Recipient forbidden")


async def test_an_approved_service_writes_to_every_citizen(manager: Manager) -> None:
    """Its right to write replaces the one of the trial."""
    id_ = await manager.approved()
    key = await key_of(manager, id_)

    assert (await send(manager, key, OTHER_CITIZEN)).status == 201
    stored = await manager.stack.app.repositories.subscriptions.get(id_)
    assert stored is not None
    assert stored.subscription.groups == {
        Group.MESSAGE_WRITE,
        Group.MESSAGE_READ,
        Group.LIMITED_PROFILE_READ,
    }


async def test_a_service_stays_on_trial_until_its_organisation_is_approved(fresh: Stack) -> None:
    """The approval of the organisation reaches all of its services."""
    organizations = fresh.app.repositories.organizations
    await organizations.create(
        Organization(ORGANIZATION, "Comune", OrganizationState.TRIAL, "u", "MANAGE-u", "2026-11-01")
    )
    manager = Manager(fresh, await with_manage_key(fresh, organization=ORGANIZATION))
    id_ = await manager.approved(organization={"fiscal_code": ORGANIZATION})
    key = await key_of(manager, id_)
    assert (await send(manager, key, OTHER_CITIZEN)).status == 403

    await organizations.change(
        ORGANIZATION,
        lambda one: Organization(
            one.fiscal_code, one.name, OrganizationState.APPROVED, "u", "MANAGE-u", "2026-11-01"
        ),
    )
    await fresh.app.services.follow_organization(ORGANIZATION)
    await fresh.drain()

    assert (await send(manager, key, OTHER_CITIZEN)).status == 201


async def test_an_edit_of_an_approved_service_changes_nothing_for_senders(
    manager: Manager,
) -> None:
    """Until the edit is approved."""
    id_ = await manager.approved(max_allowed_payment_amount=100)
    await manager.call("change_service", id_, a_service(max_allowed_payment_amount=200))
    assert (await registry_entry(manager.stack, id_))["max_allowed_payment_amount"] == 100

    await manager.submit(id_)

    assert (await registry_entry(manager.stack, id_))["max_allowed_payment_amount"] == 200


async def test_an_edit_of_a_service_on_trial_changes_what_senders_use(manager: Manager) -> None:
    """There is no approved form yet."""
    id_ = await manager.create()
    await manager.call("change_service", id_, a_service(name="Un altro servizio"))

    assert (await registry_entry(manager.stack, id_))["service_name"] == "Un altro servizio"


async def test_the_registry_keeps_what_a_payload_does_not_have(manager: Manager) -> None:
    """The reminder policy, the payees and the category are not the payload's."""
    before = await registry_entry(manager.stack, SERVICE_ID)
    policy = {"days": [2]}
    await manager.call("change_managed_reminder_policy", SERVICE_ID, policy)
    change = a_service(name="Tassa sui rifiuti", metadata={"phone": "055 1"})
    await manager.call("change_service", SERVICE_ID, change)
    await manager.submit(SERVICE_ID)
    reply = await manager.stack.call(
        "approve_service", {}, path={"service_id": SERVICE_ID}, key=OPERATOR_KEY
    )
    assert reply.status == 200

    after = await registry_entry(manager.stack, SERVICE_ID)

    assert after["service_metadata"]["phone"] == "055 1"
    assert after["reminder_policy"] == policy
    kept = ("authorized_payees", "category", "id")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["department_name"] == "-"
    assert after["is_visible"] is True


async def test_rights_that_an_operator_granted_stay(manager: Manager) -> None:
    """A change of the service touches the right to write alone."""
    fresh = manager.stack
    before = await fresh.app.repositories.subscriptions.get(SERVICE_ID)
    await manager.call("change_service", SERVICE_ID, a_service())
    after = await fresh.app.repositories.subscriptions.get(SERVICE_ID)

    assert before is not None
    assert after is not None
    assert after.subscription.groups == before.subscription.groups


async def test_the_keys_of_a_deleted_service_are_refused(manager: Manager) -> None:
    """Its name says that it was deleted; it is no longer shown to citizens."""
    id_ = await manager.approved(auto_publish=True)
    key = await key_of(manager, id_)
    assert (await send(manager, key)).status == 201

    await manager.call("delete_service", id_)

    assert (await send(manager, key)).status == 401
    entry = await registry_entry(manager.stack, id_)
    assert entry["service_name"] == "DELETED Iscrizione alla mensa"
    assert entry["is_visible"] is False
    for name in ("show_service_keys", "read_service_history", "read_published_service"):
        assert refusal(await manager.call(name, id_))[:2] == (404, "Not found")


async def test_a_late_item_of_an_earlier_state_changes_nothing(manager: Manager) -> None:
    """An item names the service alone: each run writes the present state."""
    id_ = await manager.create()
    await manager.call("change_service", id_, a_service(name="Secondo servizio"))
    await manager.call("change_service", id_, a_service(name="Terzo servizio"))
    before = await registry_entry(manager.stack, id_)

    for _ in range(3):
        await manager.stack.app.services.follow_change(ServiceId(id_))

    assert await registry_entry(manager.stack, id_) == before
    assert before["service_name"] == "Terzo servizio"
