"""Create a service of a manager's organisation."""

import hashlib

from ulid import ULID

from lib.domain.services.errors import ForeignOrganizationError, TopicNotFoundError
from lib.domain.services.lifecycle import created
from lib.domain.services.managed_service import ManagedService
from lib.domain.services.registration import TRIAL_GROUPS
from lib.domain.services.service_data import ServiceData
from lib.domain.services.subscription import Manager, Subscription, SubscriptionKind
from lib.domain.services.topics import is_topic
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import ConflictError
from lib.repositories.messages.idempotency_keys import IdempotencyClaim, IdempotencyKeys
from lib.repositories.services.managed_services import ManagedServices
from lib.repositories.services.subscriptions import Subscriptions
from lib.use_cases.services.change_service import LATER, ChangeService


class CreateService:
    """Create a service as a draft, with a subscription of the same id.

    The service may write to its authorised recipients at once, and to the sandbox recipient.
    Cost: one put, one create, one batch, and what RegisterService costs; one create more with an
    idempotency key.
    Concurrency: requests with one key make one service, whose id is the claim's. A request that
    died after its claim is completed by its repetition.
    """

    def __init__(
        self,
        services: ManagedServices,
        subscriptions: Subscriptions,
        keys: IdempotencyKeys,
        change: ChangeService,
        clock: Clock,
    ) -> None:
        self._services = services
        self._subscriptions = subscriptions
        self._keys = keys
        self._change = change
        self._clock = clock

    async def __call__(
        self, manager: Manager, data: ServiceData, idempotency_key: str | None = None
    ) -> tuple[ManagedService, bool]:
        """Return the service, and whether an earlier request with the key asked for it.

        Raise ForeignOrganizationError, TopicNotFoundError, IdempotencyKeyReusedError,
        UnavailableError.
        """
        check_data(manager, data)
        now = self._clock.now()
        id_, created_at = str(ULID.from_datetime(now)), timestamp(now)
        is_replayed = False
        if idempotency_key is not None:
            claim = IdempotencyClaim(MessageId(id_), created_at, _hash(data))
            earlier = await self._keys.claim(_owner(manager), idempotency_key, claim)
            is_replayed = earlier.message_id != id_
            id_, created_at = str(earlier.message_id), earlier.created_at
        if is_replayed and (made := await self._services.get(ServiceId(id_))) is not None:
            return made, True
        service = ManagedService(
            id=ServiceId(id_),
            user_id=manager.user_id,
            organization_fiscal_code=manager.organization_fiscal_code,
            status="draft",
            data=data.with_sandbox_recipient(),
            last_update=created_at,
        )
        await self._change.announce(service.id, LATER)
        await self._subscriptions.create(
            Subscription(
                id=service.id,
                kind=SubscriptionKind.SERVICE,
                user_id=manager.user_id,
                groups=TRIAL_GROUPS,
                service_id=service.id,
                organization_fiscal_code=manager.organization_fiscal_code,
                on_behalf=manager.subscription.on_behalf,
            )
        )
        try:
            await self._services.create(created(service))
        except ConflictError:
            # with this call's own write, which the client sent twice, or with the same request
            service = await self._services.get(service.id) or service
        await self._change.follow(service)
        return service, is_replayed


def check_data(manager: Manager, data: ServiceData) -> None:
    """Refuse data of another organisation, and of a topic that does not exist.

    Raise ForeignOrganizationError, TopicNotFoundError.
    """
    if data.organization.fiscal_code != manager.organization_fiscal_code:
        raise ForeignOrganizationError
    if not is_topic(data.metadata.topic_id):
        raise TopicNotFoundError


def _owner(manager: Manager) -> str:
    return f"manage\n{manager.organization_fiscal_code}\n{manager.user_id}"


def _hash(data: ServiceData) -> str:
    """Return the hash of the data; a release that adds a member with a default keeps it."""
    content = data.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(f"service\n{content}".encode()).hexdigest()
