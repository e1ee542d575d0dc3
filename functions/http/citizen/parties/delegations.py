"""Endpoints of the delegations that a citizen gives."""

from typing import Annotated, Final, Literal

from pydantic import Field

from functions.http.callers.access_log import Logs
from functions.http.citizen.parties.views import (
    ENDS_AT,
    IS_NOTIFIED,
    RIGHTS,
    SERVICES,
    SHOWS_TEXT,
    DelegationIdField,
    DelegationsAnswer,
    OfferAnswer,
    delegation_view,
    offer_view,
)
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId, Right
from lib.domain.parties.admission import MANAGES
from lib.domain.parties.delegation import LONGEST, MOST_SERVICES, OFFER_LIFE, Terms
from lib.domain.parties.errors import (
    DelegationTermsError,
    NoSuchDelegationError,
    RegisteredDelegationError,
    TooManyDelegationsError,
)
from lib.domain.parties.given import MOST_GIVEN
from lib.domain.shared.identifiers import ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, Flag, ZonedTimestamp

PATH: Final = "/api/identity/v1/delegations"


class OfferTerms(Model):
    """The terms of an offer."""

    rights: Annotated[
        list[Literal[Right.READ, Right.ACT]], Field(min_length=1, max_length=2), RIGHTS
    ]
    service_ids: Annotated[
        list[ServiceIdField] | None,
        NOT_NULL,
        Field(min_length=1, max_length=MOST_SERVICES),
        SERVICES,
    ] = None
    ends_at: Annotated[ZonedTimestamp, ENDS_AT]
    is_notified: Annotated[Flag, IS_NOTIFIED] = False
    shows_text: Annotated[Flag, SHOWS_TEXT] = False

    def terms(self) -> Terms:
        """Return the terms, each service once."""
        ids = None if self.service_ids is None else tuple(dict.fromkeys(self.service_ids))
        rights = frozenset[Right](self.rights)
        return Terms(self.ends_at, rights, ids, self.is_notified, self.shows_text)


async def _list(call: Call[Access, None, None]) -> Answer:
    now = call.app.ports.clock.now()
    given = await call.app.parties.list.given(call.caller)
    return Answer(200, DelegationsAnswer(items=[delegation_view(one, now) for one in given]))


async def _offer(call: Call[Access, OfferTerms, None]) -> Answer:
    offered = await call.app.parties.offer(call.caller, call.body.terms())
    now = call.app.ports.clock.now()
    return Answer(201, offer_view(offered.delegation, offered.code, now))


async def _end(call: Call[Access, None, None]) -> Answer:
    await call.app.parties.end.by_owner(call.caller, DelegationId(call.path["id"]))
    return Answer(204)


list_own_delegations: Endpoint[Access, None, None] = Endpoint(
    name="list_own_delegations",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the delegations that you gave",
    description="The persons who may act in your inbox, with their rights, and the open offers.",
    tag="citizen",
    policy=Citizens(MANAGES),
    handler=_list,
    answers={200: DelegationsAnswer},
)

offer_delegation: Endpoint[Access, OfferTerms, None] = Endpoint(
    name="offer_delegation",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Create an offer of a delegation, for a carer, a relative or an accountant",
    description=(
        f"The answer has a code. Give it to the delegate, who logs in and takes the offer within "
        f"{OFFER_LIFE.days} days. The offer does not name the delegate, so the answer does not "
        f"tell who uses this app. A delegation lasts {LONGEST.days} days at most; you and the "
        f"delegate can end it at once. You may have {MOST_GIVEN} delegations and offers at a time."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    body=Body[OfferTerms](
        OfferTerms,
        name="OfferTerms",
        example={
            "rights": ["READ"],
            "service_ids": ["01KBTB5QWKS4M6WKT1F6CGR4M0"],
            "ends_at": "2027-12-31T23:00:00Z",
        },
    ),
    handler=_offer,
    logs=Logs(Action.DELEGATION_OFFERED),
    answers={201: OfferAnswer},
    refusals=(DelegationTermsError, TooManyDelegationsError),
)

end_delegation: Endpoint[Access, None, None] = Endpoint(
    name="end_delegation",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Revoke a delegation that you gave, or an offer",
    description=(
        "The next call of the delegate is refused. A repeated call is accepted. A delegation of a "
        "register is answered 409: it ends in the register."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    parameters={"id": DelegationIdField},
    handler=_end,
    logs=Logs(Action.DELEGATION_ENDED),
    answers={204: None},
    refusals=(NoSuchDelegationError, RegisteredDelegationError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_own_delegations, offer_delegation, end_delegation)
