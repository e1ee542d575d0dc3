"""Services, keys and remote contents in the store of a stack."""

from typing import Any

from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID
from lib.composition.secrets import key_hashes_of
from lib.domain.services.service import Group
from lib.domain.services.subscription import Subscription, SubscriptionKind
from lib.ports.documents import Document
from lib.ports.schema import (
    REMOTE_CONTENT_CONFIGURATIONS,
    SENDER_KEYS,
    SERVICES,
    SUBSCRIPTIONS,
)
from lib.repositories.services.subscription_mapping import subscription_document
from tests.stack import Stack

CONFIGURATION_ID = "01HQRZ6T6G2P1NB3QF0J9S2K4V"


async def with_groups(
    stack: Stack,
    *groups: Group,
    service_id: str = "test-service",
    key: str = "sandbox-test-key",
    **service: Any,
) -> str:
    """Store a service with these changes, and a key of it in these groups alone; return the key."""
    stored = (await stack.store.read(SERVICES, SERVICE_ID, SERVICE_ID)).document
    await stack.store.upsert(SERVICES, {**stored, "id": service_id, **service})
    hashed = key_hashes_of(stack.app.settings).of(key)
    subscription = Subscription(
        id=f"subscription-of-{key}",
        kind=SubscriptionKind.SERVICE,
        user_id="u",
        groups=frozenset(groups),
        service_id=service_id,
    )
    await stack.store.upsert(SUBSCRIPTIONS, subscription_document(subscription))
    await stack.store.upsert(SENDER_KEYS, {"id": hashed, "subscription_id": subscription.id})
    return key


async def with_configuration(stack: Stack, user_id: str = f"user-of-{SENDER_KEY}") -> Document:
    """Store a remote content configuration of the user; return third party data that names it."""
    document = {"id": CONFIGURATION_ID, "user_id": user_id}
    await stack.store.upsert(REMOTE_CONTENT_CONFIGURATIONS, document)
    return {"id": "1", "configuration_id": CONFIGURATION_ID}
