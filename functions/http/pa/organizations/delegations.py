"""Endpoints with which an organisation lets an intermediary send for it."""

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
from lib.domain.shared.identifiers import (
    CheckedOrganizationFiscalCode,
    OrganizationFiscalCodeField,
)

GIVEN = f"{PATH}/given"
OF_INTERMEDIARY = f"{GIVEN}/{{intermediary_fiscal_code}}"
INTERMEDIARY = "intermediary_fiscal_code"


async def _give(call: Call[Manager, DelegationTerms, None]) -> Answer:
    given = await call.app.organizations.delegate.give(
        call.caller, shown(call, INTERMEDIARY), call.body.terms()
    )
    return Answer(200, delegation_view(given, call.app.ports.clock.now()))


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
    parameters={INTERMEDIARY: CheckedOrganizationFiscalCode},
    body=TERMS,
    handler=_give,
    answers={200: DelegationView},
    refusals=(SelfDelegationError, DelegationEndError),
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
    parameters={INTERMEDIARY: OrganizationFiscalCodeField},
    handler=revoking(INTERMEDIARY, Side.ORGANIZATION),
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
    handler=listing(Side.ORGANIZATION),
    answers={200: DelegationList},
)

list_given_messages = Endpoint(
    name="list_given_messages",
    is_ours=True,
    method="GET",
    path=f"{OF_INTERMEDIARY}/messages",
    summary="List what an intermediary sent for you",
    description=LOG_DESCRIPTION,
    tag="sender",
    policy=MANAGERS,
    parameters={INTERMEDIARY: OrganizationFiscalCodeField},
    query=PageQuery,
    handler=log_of(INTERMEDIARY, Side.ORGANIZATION),
    answers={200: DelegatedMessageList},
    refusals=(DelegationNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    give_delegation,
    revoke_given_delegation,
    list_given_delegations,
    list_given_messages,
)
