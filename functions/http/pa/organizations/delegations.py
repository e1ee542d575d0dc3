"""Endpoints of delegations: an organisation lets an intermediary send for it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import BaseModel, Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.organizations.organizations import MANAGERS
from functions.http.views.delegations import (
    CALL_LIMIT,
    ENDS_AT,
    SERVICES,
    DelegatedMessageList,
    DelegationList,
    DelegationView,
    delegation_view,
    delegations_view,
    log_view,
)
from functions.http.views.organizations import Continuation
from lib.domain.organizations.delegation import MAX_SERVICES, Side, Terms
from lib.domain.organizations.errors import DelegationNotFoundError, SelfDelegationError
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import (
    CheckedOrganizationFiscalCode,
    OrganizationFiscalCode,
    OrganizationFiscalCodeField,
    ServiceIdField,
)
from lib.domain.shared.values import ZonedTimestamp

GIVEN = "/api/v1/delegations/given"
RECEIVED = "/api/v1/delegations/received"
OF_INTERMEDIARY = f"{GIVEN}/{{intermediary_fiscal_code}}"
OF_ORGANIZATION = f"{RECEIVED}/{{organization_fiscal_code}}"
_INTERMEDIARY = "intermediary_fiscal_code"
ORGANIZATION = "organization_fiscal_code"


class DelegationTerms(BaseModel):
    """The terms of a delegation."""

    service_ids: Annotated[
        list[ServiceIdField] | None, SERVICES, Field(min_length=1, max_length=MAX_SERVICES)
    ] = None
    ends_at: Annotated[ZonedTimestamp | None, ENDS_AT] = None
    call_limit: Annotated[int | None, CALL_LIMIT, Field(ge=1, le=1000, strict=True)] = None

    def terms(self) -> Terms:
        """Return the terms, each service once."""
        ids = None if self.service_ids is None else tuple(dict.fromkeys(self.service_ids))
        return Terms(ids, self.ends_at, self.call_limit)


class PageQuery(BaseModel):
    """The page to read."""

    continuation: Continuation = None


def _shown[B, Q](call: Call[Manager, B, Q], name: str) -> OrganizationFiscalCode:
    return OrganizationFiscalCode(call.path[name])


async def _give(call: Call[Manager, DelegationTerms, None]) -> Answer:
    given = await call.app.organizations.delegate.give(
        call.caller, _shown(call, _INTERMEDIARY), call.body.terms()
    )
    return Answer(200, delegation_view(given, call.app.ports.clock.now()))


async def _request(call: Call[Manager, DelegationTerms, None]) -> Answer:
    requested = await call.app.organizations.delegate.request(
        call.caller, _shown(call, ORGANIZATION), call.body.terms()
    )
    return Answer(200, delegation_view(requested, call.app.ports.clock.now()))


def _revoke(name: str, side: Side) -> Callable[[Call[Manager, None, None]], Awaitable[Answer]]:
    async def revoke(call: Call[Manager, None, None]) -> Answer:
        revoked = await call.app.organizations.delegate.revoke(
            call.caller, _shown(call, name), side
        )
        return Answer(200, delegation_view(revoked, call.app.ports.clock.now()))

    return revoke


def _list(side: Side) -> Callable[[Call[Manager, None, PageQuery]], Awaitable[Answer]]:
    async def list_page(call: Call[Manager, None, PageQuery]) -> Answer:
        page = await call.app.organizations.delegate.page(
            call.caller, side, call.query.continuation
        )
        return Answer(200, delegations_view(page, call.app.ports.clock.now()))

    return list_page


def _log(name: str, side: Side) -> Callable[[Call[Manager, None, PageQuery]], Awaitable[Answer]]:
    async def log(call: Call[Manager, None, PageQuery]) -> Answer:
        page = await call.app.organizations.delegate.log(
            call.caller, _shown(call, name), side, call.query.continuation
        )
        return Answer(200, log_view(page))

    return log


_TERMS = Body[DelegationTerms](
    DelegationTerms,
    name="DelegationTerms",
    example={"service_ids": ["01KBTB5QWKS4M6WKT1F6CGR4M0"], "ends_at": "2027-12-31T23:00:00Z"},
)
_LOG_DESCRIPTION = (
    "Each message that the intermediary sent for the organisation, for a year, also after the end "
    "of the delegation. Both sides read the same log. It names no citizen."
)

give_delegation = Endpoint(
    name="give_delegation",
    is_ours=True,
    method="PUT",
    path=OF_INTERMEDIARY,
    summary="Give a delegation to an intermediary, or change its terms",
    description=(
        "The intermediary may send for your services with keys of its own. A delegation that the "
        "intermediary requested is accepted in this way. New terms hold within a minute."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters={_INTERMEDIARY: CheckedOrganizationFiscalCode},
    body=_TERMS,
    handler=_give,
    answers={200: DelegationView},
    refusals=(SelfDelegationError,),
)

revoke_given_delegation = Endpoint(
    name="revoke_given_delegation",
    is_ours=True,
    method="DELETE",
    path=OF_INTERMEDIARY,
    summary="Revoke a delegation that you gave",
    description=(
        "All keys of the intermediary for your services are refused within a minute, for good: "
        "after a new delegation it gets new keys."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters={_INTERMEDIARY: OrganizationFiscalCodeField},
    handler=_revoke(_INTERMEDIARY, Side.ORGANIZATION),
    answers={200: DelegationView},
    refusals=(DelegationNotFoundError,),
)

list_given_delegations = Endpoint(
    name="list_given_delegations",
    is_ours=True,
    method="GET",
    path=GIVEN,
    summary="List the delegations that you gave or that are requested of you",
    description="Revoked and expired ones too, each as it is now.",
    tag="sender",
    policy=MANAGERS,
    query=PageQuery,
    handler=_list(Side.ORGANIZATION),
    answers={200: DelegationList},
)

list_given_messages = Endpoint(
    name="list_given_messages",
    is_ours=True,
    method="GET",
    path=f"{OF_INTERMEDIARY}/messages",
    summary="List what an intermediary sent for you",
    description=_LOG_DESCRIPTION,
    tag="sender",
    policy=MANAGERS,
    parameters={_INTERMEDIARY: OrganizationFiscalCodeField},
    query=PageQuery,
    handler=_log(_INTERMEDIARY, Side.ORGANIZATION),
    answers={200: DelegatedMessageList},
    refusals=(DelegationNotFoundError,),
)

request_delegation = Endpoint(
    name="request_delegation",
    is_ours=True,
    method="PUT",
    path=OF_ORGANIZATION,
    summary="Request a delegation of an organisation, as an intermediary",
    description="The organisation sees the request in its list. An active delegation stays as is.",
    tag="sender",
    policy=MANAGERS,
    parameters={ORGANIZATION: OrganizationFiscalCodeField},
    body=_TERMS,
    handler=_request,
    answers={200: DelegationView},
    refusals=(SelfDelegationError,),
)

revoke_received_delegation = Endpoint(
    name="revoke_received_delegation",
    is_ours=True,
    method="DELETE",
    path=OF_ORGANIZATION,
    summary="Revoke a delegation that you received or requested",
    description="All your keys for the organisation's services are refused within a minute.",
    tag="sender",
    policy=MANAGERS,
    parameters={ORGANIZATION: OrganizationFiscalCodeField},
    handler=_revoke(ORGANIZATION, Side.INTERMEDIARY),
    answers={200: DelegationView},
    refusals=(DelegationNotFoundError,),
)

list_received_delegations = Endpoint(
    name="list_received_delegations",
    is_ours=True,
    method="GET",
    path=RECEIVED,
    summary="List the delegations that you received or requested",
    description="Revoked and expired ones too, each as it is now.",
    tag="sender",
    policy=MANAGERS,
    query=PageQuery,
    handler=_list(Side.INTERMEDIARY),
    answers={200: DelegationList},
)

list_received_messages = Endpoint(
    name="list_received_messages",
    is_ours=True,
    method="GET",
    path=f"{OF_ORGANIZATION}/messages",
    summary="List what you sent for an organisation",
    description=_LOG_DESCRIPTION,
    tag="sender",
    policy=MANAGERS,
    parameters={ORGANIZATION: OrganizationFiscalCodeField},
    query=PageQuery,
    handler=_log(ORGANIZATION, Side.INTERMEDIARY),
    answers={200: DelegatedMessageList},
    refusals=(DelegationNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    give_delegation,
    revoke_given_delegation,
    list_given_delegations,
    list_given_messages,
    request_delegation,
    revoke_received_delegation,
    list_received_delegations,
    list_received_messages,
)
