"""Endpoints with which an intermediary requests, lists and revokes delegations to it."""

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa.organizations.delegation_calls import (
    LOG_DESCRIPTION,
    PATH,
    TERMS,
    DelegationTerms,
    PageQuery,
    listing,
    log_of,
    revoking,
    shown,
)
from functions.http.pa.organizations.organizations import MANAGERS
from functions.http.views.delegations import (
    DelegatedMessageList,
    DelegationList,
    DelegationView,
    delegation_view,
)
from lib.domain.organizations.delegation import Side
from lib.domain.organizations.errors import (
    DelegationEndError,
    DelegationNotFoundError,
    SelfDelegationError,
)
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCodeField

RECEIVED = f"{PATH}/received"
OF_ORGANIZATION = f"{RECEIVED}/{{organization_fiscal_code}}"
ORGANIZATION = "organization_fiscal_code"


async def _request(call: Call[Manager, DelegationTerms, None]) -> Answer:
    requested = await call.app.organizations.delegate.request(
        call.caller, shown(call, ORGANIZATION), call.body.terms()
    )
    return Answer(200, delegation_view(requested, call.app.ports.clock.now()))


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
    body=TERMS,
    handler=_request,
    answers={200: DelegationView},
    refusals=(SelfDelegationError, DelegationEndError),
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
    handler=revoking(ORGANIZATION, Side.INTERMEDIARY),
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
    handler=listing(Side.INTERMEDIARY),
    answers={200: DelegationList},
)

list_received_messages = Endpoint(
    name="list_received_messages",
    is_ours=True,
    method="GET",
    path=f"{OF_ORGANIZATION}/messages",
    summary="List what you sent for an organisation",
    description=LOG_DESCRIPTION,
    tag="sender",
    policy=MANAGERS,
    parameters={ORGANIZATION: OrganizationFiscalCodeField},
    query=PageQuery,
    handler=log_of(ORGANIZATION, Side.INTERMEDIARY),
    answers={200: DelegatedMessageList},
    refusals=(DelegationNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    request_delegation,
    revoke_received_delegation,
    list_received_delegations,
    list_received_messages,
)
