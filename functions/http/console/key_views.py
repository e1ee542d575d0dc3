"""The keys of a browser as its pages see them, without the keys themselves."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from lib.composition.app import App
from lib.domain.services.service import Group
from lib.domain.services.subscription import SubscriptionKind
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.use_cases.sign_in.hold_keys import HeldKey

MOST_KEYS: Final = 12
"""The keys of one browser: their cookies fit into the headers that each platform takes."""


class EnteredKey(Model):
    """A key that a person enters."""

    key: Annotated[
        str,
        StringConstraints(pattern=r"^[\x21-\x7e]{1,256}$"),
        says("The key of a service, a manage key or an operator's key."),
    ]


class HeldKeyView(Model):
    """A key that this browser has, without the key itself."""

    subscription_id: Annotated[
        str, says("The id of the subscription, for the header Recapito-Acting-As.")
    ]
    kind: Annotated[SubscriptionKind, says("The purpose of the subscription's keys.")]
    groups: Annotated[list[Group], says("The rights of the key.")]
    service_id: Annotated[
        ServiceId | None, says("The id of the service. Absent: the key is not that of a service.")
    ] = None
    service_name: Annotated[
        str | None, says("The name of the service. Absent: the key is not that of a service.")
    ] = None
    organization_fiscal_code: Annotated[
        OrganizationFiscalCode | None,
        says("The organisation for which the key acts. Absent: an operator's key."),
    ] = None
    organization_name: Annotated[
        str | None, says("The name of the organisation. Absent: it is not known.")
    ] = None
    is_on_trial: Annotated[bool, says("Whether the organisation is on trial.")]
    expires_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the browser loses the key: date and time in UTC."),
    ]


class HeldKeyViews(Model):
    """The keys that this browser has."""

    items: Annotated[list[HeldKeyView], says(f"The keys, at most {MOST_KEYS}.")]


async def view_of(app: App, held: HeldKey) -> HeldKeyView:
    """Return a key with the names of its service and of its organisation."""
    holder = held.holder
    subscription = holder.subscription
    service = holder.service if subscription.kind is SubscriptionKind.SERVICE else None
    code, name = holder.organization_fiscal_code, None
    if subscription.kind is SubscriptionKind.OPERATIONS:
        code = None
    elif holder.service is not None:
        name = holder.service.organization_name
    elif code is not None:
        organization = await app.repositories.organizations.get(code)
        name = None if organization is None else organization.name
    return HeldKeyView(
        subscription_id=subscription.id,
        kind=subscription.kind,
        groups=sorted(subscription.groups),
        service_id=None if service is None else service.id,
        service_name=None if service is None else service.name,
        organization_fiscal_code=code,
        organization_name=name,
        is_on_trial=holder.is_on_trial,
        expires_at=timestamp(held.ends_at),
    )
