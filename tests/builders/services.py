"""Services, keys and remote contents in the store of a stack."""

from collections.abc import Iterable
from typing import Any

from infra.local.sandbox.seed import (
    HIGH_CALL_LIMIT,
    ORGANIZATION,
    SENDER_KEY,
    SERVICE_ID,
    SERVICE_SEED,
)
from lib.composition.secrets import key_hashes_of
from lib.domain.services.service import Group
from lib.domain.services.subscription import Subscription, SubscriptionKind
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.documents import Document
from lib.ports.schema.senders import (
    REMOTE_CONTENT_CONFIGURATIONS,
    SENDER_KEYS,
    SERVICES,
    SUBSCRIPTIONS,
)
from lib.repositories.services.subscription_mapping import networks_of, subscription_document
from tests.stack import Stack

CONFIGURATION_ID = "01HQRZ6T6G2P1NB3QF0J9S2K4V"


async def with_service(stack: Stack, service_id: str = SERVICE_ID, **changes: Any) -> None:
    """Change fields of the stored service."""
    service = (await stack.store.read(SERVICES, service_id, service_id)).document
    await stack.store.upsert(SERVICES, {**service, **changes})


async def with_groups(
    stack: Stack,
    *groups: Group,
    service_id: str = "test-service",
    key: str = "sandbox-test-key",
    call_limit: int | None = HIGH_CALL_LIMIT,
    intermediary: str | None = None,
    **service: Any,
) -> str:
    """Store a service with these changes, and a key of it in these groups alone; return the key.

    `intermediary`: the account of an intermediary that has the key.
    """
    stored = (await stack.store.read(SERVICES, SERVICE_ID, SERVICE_ID)).document
    await stack.store.upsert(SERVICES, {**stored, "id": service_id, **service})
    subscription = Subscription(
        id=f"subscription-of-{key}",
        kind=SubscriptionKind.SERVICE,
        user_id=intermediary or "u",
        groups=frozenset(groups),
        service_id=ServiceId(service_id),
        on_behalf=intermediary is not None,
        call_limit=call_limit,
    )
    await _store_key(stack, key, subscription)
    return key


async def with_seeded_services(stack: Stack) -> None:
    """Store the services of the seed anew, without the changes that a key's service got."""
    for service in SERVICE_SEED:
        await stack.store.upsert(SERVICES, dict(service))


async def with_manage_key(
    stack: Stack,
    *,
    groups: frozenset[Group] = frozenset((Group.SERVICE_WRITE, Group.REMOTE_CONTENT_WRITE)),
    organization: str = ORGANIZATION,
    cidrs: Iterable[str] = (),
    key: str = "sandbox-test-manage-key",
    user_id: str | None = None,
    on_behalf: bool = False,
) -> str:
    """Store a manage key of an organisation, and return the key.

    `user_id`: the account; None for the organisation's own.
    """
    subscription = Subscription(
        id=f"MANAGE-of-{key}",
        kind=SubscriptionKind.MANAGE,
        user_id=user_id or f"user-of-{organization}",
        on_behalf=on_behalf,
        groups=groups,
        organization_fiscal_code=OrganizationFiscalCode(organization),
        authorized_cidrs=networks_of(cidrs),
        call_limit=HIGH_CALL_LIMIT,
    )
    await _store_key(stack, key, subscription)
    return key


async def _store_key(stack: Stack, key: str, subscription: Subscription) -> None:
    await stack.store.upsert(SUBSCRIPTIONS, subscription_document(subscription))
    hashed = key_hashes_of(stack.app.settings).of(key)
    await stack.store.upsert(SENDER_KEYS, {"id": hashed, "subscription_id": subscription.id})


async def with_key_of_2026_11(stack: Stack, key: str, *groups: str) -> None:
    """Store a key of version 2026.11, whose document holds the rights itself."""
    hashed = key_hashes_of(stack.app.settings).of(key)
    rights = {"service_id": SERVICE_ID, "user_id": "u", "groups": list(groups)}
    await stack.store.create(SENDER_KEYS, {"id": hashed, **rights})


async def with_configuration(stack: Stack, user_id: str = f"user-of-{SENDER_KEY}") -> Document:
    """Store a remote content configuration of the user; return third party data that names it."""
    document = {"id": CONFIGURATION_ID, "user_id": user_id}
    await stack.store.upsert(REMOTE_CONTENT_CONFIGURATIONS, document)
    return {"id": "1", "configuration_id": CONFIGURATION_ID}
