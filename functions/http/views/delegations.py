"""The form in which answers show delegations and what was sent by them."""

from datetime import datetime
from typing import Annotated, Literal

from lib.domain.organizations.delegation import Delegation
from lib.domain.shared.described import CURSOR, MESSAGE, says
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId
from lib.domain.shared.model import Model
from lib.repositories.organizations.delegated_messages import DelegatedMessagePage
from lib.repositories.organizations.delegations import DelegationPage

SERVICES = says(
    "The ids of the services for which the intermediary may send. Absent: all services of the "
    "organisation, later ones included."
)
ENDS_AT = says("When the delegation ends: date and time in UTC. Absent: it has no end.")
CALL_LIMIT = says(
    "How many calls the intermediary may make for each service in any five seconds. Absent: as "
    "many as a sender may by default."
)


class DelegationView(Model):
    """A delegation of an organisation to an intermediary; times in UTC."""

    organization_fiscal_code: Annotated[
        OrganizationFiscalCode, says("The fiscal code of the organisation for which is sent.")
    ]
    intermediary_fiscal_code: Annotated[
        OrganizationFiscalCode, says("The fiscal code of the intermediary.")
    ]
    state: Annotated[
        Literal["REQUESTED", "ACTIVE", "REVOKED", "EXPIRED"],
        says(
            "REQUESTED: the intermediary asked for it, and the organisation has not given it. "
            "ACTIVE: the intermediary may send. REVOKED: one of the two ended it. EXPIRED: its "
            "end has come."
        ),
    ]
    service_ids: Annotated[list[ServiceId] | None, SERVICES] = None
    ends_at: Annotated[str | None, ENDS_AT] = None
    call_limit: Annotated[int | None, CALL_LIMIT] = None
    created_at: Annotated[str, says("When it was first given or requested: date and time in UTC.")]
    changed_at: Annotated[str, says("When it was changed last: date and time in UTC.")]
    changed_by: Annotated[
        Literal["ORGANIZATION", "INTERMEDIARY"], says("The side that changed it last.")
    ]


class DelegationList(Model):
    """A page of delegations."""

    items: Annotated[
        list[DelegationView], says("The delegations, by the other side's fiscal code.")
    ]
    next: Annotated[str | None, CURSOR] = None


class DelegatedMessageView(Model):
    """A message that the intermediary sent; it names no citizen."""

    id: Annotated[MessageId, MESSAGE]
    service_id: Annotated[ServiceId, says("The id of the service for which it was sent.")]
    sent_at: Annotated[str, says("When it was accepted: date and time in UTC.")]


class DelegatedMessageList(Model):
    """A page of the log of a delegation."""

    items: Annotated[list[DelegatedMessageView], says("The messages, the newest first.")]
    next: Annotated[str | None, CURSOR] = None


def delegation_view(delegation: Delegation, now: datetime) -> DelegationView:
    """Return the delegation as it is now."""
    terms = delegation.terms
    return DelegationView(
        organization_fiscal_code=delegation.organization_fiscal_code,
        intermediary_fiscal_code=delegation.intermediary_fiscal_code,
        state=delegation.state_at(now).value,
        service_ids=None if terms.service_ids is None else list(terms.service_ids),
        ends_at=terms.ends_at,
        call_limit=terms.call_limit,
        created_at=delegation.created_at,
        changed_at=delegation.changed_at,
        changed_by=delegation.changed_by.value,
    )


def delegations_view(page: DelegationPage, now: datetime) -> DelegationList:
    """Return a page of delegations as they are now."""
    items = [delegation_view(one, now) for one in page.items]
    return DelegationList(items=items, next=page.continuation)


def log_view(page: DelegatedMessagePage) -> DelegatedMessageList:
    """Return a page of the log."""
    items = [
        DelegatedMessageView(id=one.message_id, service_id=one.service_id, sent_at=one.sent_at)
        for one in page.items
    ]
    return DelegatedMessageList(items=items, next=page.continuation)
