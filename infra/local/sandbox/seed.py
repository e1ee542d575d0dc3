"""Seed the sandbox: some senders, and citizens whose fiscal code names their case."""

import contextlib
from typing import Any, Final

from infra.local.errors import HostError
from infra.local.sandbox.authority import CLIENT_ID, PURPOSE_ID
from lib.composition.app import App
from lib.composition.secrets import key_hashes_of
from lib.domain.identity.vouchers.client_link import linked
from lib.domain.services.managed_service import ManagedService, Publication, lifecycle_entry
from lib.domain.services.service import ANY_PAYEE, Group
from lib.domain.services.service_data import ServiceData
from lib.domain.services.subscription import Subscription, SubscriptionKind
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.documents import Container, Document, DocumentStore
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema.citizens import PROFILES, SERVICE_PREFERENCES
from lib.ports.schema.senders import (
    SENDER_KEYS,
    SERVICE_VERSIONS,
    SERVICES,
    SUBSCRIPTIONS,
    VOUCHER_CLIENTS,
)
from lib.repositories.identity.voucher_clients import link_documents
from lib.repositories.profiles.profiles import PROFILE_ID
from lib.repositories.services.managed_service_mapping import entry_document, service_document
from lib.repositories.services.subscription_mapping import subscription_document

SERVICE_ID: Final = ServiceId("sandbox-service")
LIMITED_SERVICE_ID: Final = ServiceId("sandbox-limited-service")
PAYMENTS_SERVICE_ID: Final = ServiceId("sandbox-payments-service")
SPECIAL_SERVICE_ID: Final = ServiceId("sandbox-special-service")
SENDER_KEY: Final = "sandbox-sender-key"
LIMITED_KEY: Final = "sandbox-limited-key"
MANAGE_KEY: Final = "sandbox-manage-key"
OPERATOR_KEY: Final = "sandbox-operator-key"
PAYMENTS_KEY: Final = "sandbox-payments-key"
SPECIAL_KEY: Final = "sandbox-special-key"
"""The key of a SPECIAL service, which activates the citizens to whom it writes."""
SLOW_KEY: Final = "sandbox-slow-key"
"""The key with the call limit of a real sender; the other keys of the sandbox have a high one."""
CITIZEN: Final = "AAAAAA00A00A000A"
SAMPLE_CITIZEN: Final = "SAMPLE00A00A000A"
PAYEES: Final = ("09876543210", "98765432109")
"""Other organisations for which the sandbox's service may collect payments."""
EMAIL_CITIZEN: Final = "EMAILS00A00A000A"

SENDER_GROUPS: Final = frozenset(Group) - {
    Group.LIMITED_MESSAGE_WRITE,
    Group.NO_RATE_LIMIT,
    Group.OPERATIONS,
    Group.PAYMENT_UPDATE,
    Group.RATE_LIMIT_250,
    Group.REMOTE_CONTENT_WRITE,
    Group.SERVICE_WRITE,
}
HIGH_CALL_LIMIT: Final = 100_000
ORGANIZATION: Final = OrganizationFiscalCode("01234567890")
_SEEDED_AT: Final = "2026-11-01T08:00:00.000Z"


def _service(id_: str, **changes: Any) -> Document:
    return {
        "id": id_,
        "service_name": "Tassa sui rifiuti",
        "department_name": "Tributi",
        "organization_name": "Comune di Esempio",
        "organization_fiscal_code": ORGANIZATION,
        "authorized_cidrs": [],
        "authorized_recipients": [],
        "authorized_payees": [],
        "max_allowed_payment_amount": 1_000_000,
        "require_secure_channels": False,
        "category": "STANDARD",
        **changes,
    }


def _managed_service() -> ManagedService:
    """Return the sandbox's service as its organisation manages it: approved and published."""
    data = ServiceData.model_validate(
        {
            "name": "Tassa sui rifiuti",
            "description": "Avvisi e scadenze della tassa sui rifiuti.",
            "organization": {
                "name": "Comune di Esempio",
                "fiscal_code": ORGANIZATION,
                "department_name": "Tributi",
            },
            "max_allowed_payment_amount": 1_000_000,
            "metadata": {
                "scope": "LOCAL",
                "topic_id": 11,
                "privacy_url": "https://www.comune.example.org/privacy",
                "email": "tributi@comune.example.org",
            },
        }
    )
    return ManagedService(
        id=SERVICE_ID,
        user_id=f"user-of-{MANAGE_KEY}",
        organization_fiscal_code=ORGANIZATION,
        status="approved",
        data=data,
        last_update=_SEEDED_AT,
        publication=Publication("published", data, _SEEDED_AT),
    )


def _subscription(
    key: str,
    kind: SubscriptionKind,
    service_id: ServiceId,
    *groups: Group,
    id_: str = "",
    call_limit: int | None = HIGH_CALL_LIMIT,
) -> tuple[str, Document]:
    """Return a key, and the document of its subscription."""
    subscription = Subscription(
        id=id_ or service_id,
        kind=kind,
        user_id=f"user-of-{key}",
        groups=frozenset(groups),
        service_id=service_id,
        organization_fiscal_code=ORGANIZATION,
        call_limit=call_limit,
    )
    return key, subscription_document(subscription)


def a_profile(fiscal_code: str, **changes: Any) -> Document:
    """Return the stored profile of a citizen who accepts everything, with some changes."""
    return {
        "id": PROFILE_ID,
        "fiscal_code": fiscal_code,
        "version": 0,
        "is_inbox_enabled": True,
        "is_email_enabled": True,
        "is_webhook_enabled": True,
        "service_preferences_settings": {"mode": "AUTO", "version": 0},
        "accepted_tos_version": 1,
        "push_notifications_content_type": "FULL",
        "reminder_status": "ENABLED",
        "last_app_version": "3.0.0",
        **changes,
    }


SERVICE_SEED: Final = (
    _service(SERVICE_ID, authorized_payees=list(PAYEES)),
    _service(LIMITED_SERVICE_ID, service_name="Servizio in prova", authorized_recipients=[CITIZEN]),
    _service(SPECIAL_SERVICE_ID, service_name="Servizio su attivazione", category="SPECIAL"),
    _service(
        PAYMENTS_SERVICE_ID,
        service_name="Pagamenti",
        max_allowed_payment_amount=0,
        authorized_payees=[ANY_PAYEE],
    ),
)
KEY_SEED: Final = (
    _subscription(SENDER_KEY, SubscriptionKind.SERVICE, SERVICE_ID, *SENDER_GROUPS),
    _subscription(
        SLOW_KEY,
        SubscriptionKind.SERVICE,
        SERVICE_ID,
        *SENDER_GROUPS,
        id_="sandbox-slow",
        call_limit=None,
    ),
    _subscription(SPECIAL_KEY, SubscriptionKind.SERVICE, SPECIAL_SERVICE_ID, *SENDER_GROUPS),
    _subscription(
        LIMITED_KEY,
        SubscriptionKind.SERVICE,
        LIMITED_SERVICE_ID,
        Group.LIMITED_MESSAGE_WRITE,
        Group.MESSAGE_READ,
        Group.LIMITED_PROFILE_READ,
    ),
    _subscription(
        MANAGE_KEY,
        SubscriptionKind.MANAGE,
        SERVICE_ID,
        Group.SERVICE_WRITE,
        Group.REMOTE_CONTENT_WRITE,
        id_="MANAGE-sandbox",
    ),
    _subscription(
        OPERATOR_KEY, SubscriptionKind.OPERATIONS, SERVICE_ID, Group.OPERATIONS, id_="OPERATIONS"
    ),
    _subscription(
        PAYMENTS_KEY, SubscriptionKind.SERVICE, PAYMENTS_SERVICE_ID, Group.PAYMENT_UPDATE
    ),
)
PROFILE_SEED: Final = (
    # A developer sends more messages a day than the default limit of a citizen allows.
    a_profile(CITIZEN, max_daily_notifications=50),
    a_profile("RSSMRA80A01H501U"),
    a_profile(SAMPLE_CITIZEN, max_daily_notifications=50),
    a_profile("INBOFF00A00A000A", is_inbox_enabled=False),
    a_profile("BLOCKD00A00A000A"),
    a_profile("MANUAL00A00A000A", service_preferences_settings={"mode": "MANUAL", "version": 0}),
    a_profile("NOREMI00A00A000A", reminder_status="DISABLED"),
    a_profile(EMAIL_CITIZEN, email="emails@example.org", is_email_validated=True),
)
_BLOCK: Final = {
    "id": SERVICE_ID,
    "fiscal_code": "BLOCKD00A00A000A",
    "settings_version": 0,
    "is_inbox_enabled": False,
    "is_email_enabled": False,
    "is_webhook_enabled": False,
    "access_read_message_status": "UNKNOWN",
}


async def seed(app: App) -> None:
    """Write the missing documents of the seed; changed documents stay.

    NOPROF00A00A000A has no profile at all.
    """
    hashes = key_hashes_of(app.settings)
    keys = (
        {"id": hashes.of(key), "subscription_id": subscription["id"]}
        for key, subscription in KEY_SEED
    )
    subscriptions = (subscription for _, subscription in KEY_SEED)
    managed = _managed_service()
    link = linked(None, CLIENT_ID, PURPOSE_ID, SERVICE_ID, (), _SEEDED_AT, "MANAGE-sandbox")
    versions = (entry_document(managed.id, lifecycle_entry(managed)), service_document(managed))
    for collection, documents in (
        (SERVICES, SERVICE_SEED),
        (SUBSCRIPTIONS, subscriptions),
        (SENDER_KEYS, keys),
        (PROFILES, PROFILE_SEED),
        (SERVICE_PREFERENCES, (_BLOCK,)),
        (SERVICE_VERSIONS, versions),
        (VOUCHER_CLIENTS, link_documents(link)),
    ):
        for document in documents:
            try:
                await app.ports.store.create(collection, dict(document))
            except ConflictError:
                if collection in {SERVICES, SUBSCRIPTIONS}:
                    await _complete(app.ports.store, collection, document)
    await app.services.register(SERVICE_ID)


async def _complete(store: DocumentStore, container: Container, document: Document) -> None:
    """Add new members to a service or a subscription that an earlier version seeded."""
    stored = await store.read(container, document["id"], document["id"])
    if document.keys() - stored.document.keys():
        # Another worker that seeds writes the same document.
        with contextlib.suppress(PreconditionFailedError):
            await store.replace(container, {**document, **stored.document}, if_match=stored.etag)


async def refuse_seeded(app: App) -> None:
    """Check that the store has no sandbox's seed, for a host without the sandbox.

    Raises: HostError.
    """
    with contextlib.suppress(NotFoundError):
        await app.ports.store.read(SERVICES, SERVICE_ID, SERVICE_ID)
        raise HostError(
            f"the store has the sandbox's {SERVICE_ID}, whose keys everybody knows, and SANDBOX "
            "is false: name another data folder or database"
        )
