"""Create a service of a manager's organisation."""

import contextlib

from ulid import ULID

from lib.domain.services.errors import ForeignOrganizationError, TopicNotFoundError
from lib.domain.services.lifecycle import created
from lib.domain.services.managed_service import ManagedService
from lib.domain.services.registration import TRIAL_GROUPS
from lib.domain.services.service_data import ServiceData
from lib.domain.services.subscription import Manager, Subscription, SubscriptionKind
from lib.domain.services.topics import is_topic
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import ConflictError
from lib.repositories.services.managed_services import ManagedServices
from lib.repositories.services.subscriptions import Subscriptions
from lib.use_cases.services.change_service import LATER, ChangeService


class CreateService:
    """Create a service as a draft, with a subscription of the same id.

    The service may write to its authorised recipients at once, and to the sandbox recipient.
    Cost: one put, one create, one batch, and what RegisterService costs.
    """

    def __init__(
        self,
        services: ManagedServices,
        subscriptions: Subscriptions,
        change: ChangeService,
        clock: Clock,
    ) -> None:
        self._services = services
        self._subscriptions = subscriptions
        self._change = change
        self._clock = clock

    async def __call__(self, manager: Manager, data: ServiceData) -> ManagedService:
        """Return the new service.

        Raise ForeignOrganizationError, TopicNotFoundError, UnavailableError.
        """
        check_data(manager, data)
        now = self._clock.now()
        service = ManagedService(
            id=ServiceId(str(ULID.from_datetime(now))),
            user_id=manager.user_id,
            organization_fiscal_code=manager.organization_fiscal_code,
            status="draft",
            data=data.with_sandbox_recipient(),
            last_update=timestamp(now),
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
        # the id is new: a conflict is with this call's own write, which the client sent twice
        with contextlib.suppress(ConflictError):
            await self._services.create(created(service))
        await self._change.follow(service)
        return service


def check_data(manager: Manager, data: ServiceData) -> None:
    """Refuse data of another organisation, and of a topic that does not exist.

    Raise ForeignOrganizationError, TopicNotFoundError.
    """
    if data.organization.fiscal_code != manager.organization_fiscal_code:
        raise ForeignOrganizationError
    if not is_topic(data.metadata.topic_id):
        raise TopicNotFoundError
