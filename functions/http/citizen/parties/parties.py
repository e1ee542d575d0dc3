"""Endpoints of the parties for whom a citizen may act."""

from typing import Annotated, Final

from pydantic import StringConstraints

from functions.http.callers.access_log import Found, Logs
from functions.http.citizen.parties.views import (
    DelegationIdField,
    PartiesAnswer,
    PartyAnswer,
    party_view,
)
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.parties.code import MOST_CHARACTERS
from lib.domain.parties.errors import (
    NoSuchDelegationError,
    OfferNotFoundError,
    OwnOfferError,
    RegisteredDelegationError,
    TooManyPartiesError,
)
from lib.domain.parties.held import MOST_HELD
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

PATH: Final = "/api/identity/v1/parties"


class OfferCode(Model):
    """The code of an offer."""

    code: Annotated[
        str,
        StringConstraints(min_length=1, max_length=MOST_CHARACTERS),
        says(
            "The code that the owner of the inbox handed over. Spaces, hyphens and the case of "
            "letters do not matter."
        ),
    ]


async def _list(call: Call[Access, None, None]) -> Answer:
    now = call.app.ports.clock.now()
    parties = await call.app.parties.list(call.caller)
    return Answer(200, PartiesAnswer(items=[party_view(one, now) for one in parties]))


async def _take(call: Call[Access, OfferCode, None]) -> Answer:
    party = await call.app.parties.take(call.caller, call.body.code)
    call.found = Found(party.owner, party.delegation.id)
    return Answer(200, party_view(party, call.app.ports.clock.now()))


async def _leave(call: Call[Access, None, None]) -> Answer:
    id_ = DelegationId(call.path["id"])
    call.found = Found(await call.app.parties.end.by_delegate(call.caller, id_), id_)
    return Answer(204)


list_parties: Endpoint[Access, None, None] = Endpoint(
    name="list_parties",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the parties for whom you may act",
    description=(
        "Relatives, persons in your care, clients, companies. To act for one of them, call with a "
        "token that names it as the subject and you in `act` (RFC 8693): all endpoints of the "
        "inbox then answer for it, within the delegation. Whom you represent by a register (your "
        "children under 18, your wards, your companies) is looked up once a day; while a register "
        "is away, its last answer counts for 30 days."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    handler=_list,
    answers={200: PartiesAnswer},
)

take_offer: Endpoint[Access, OfferCode, None] = Endpoint(
    name="take_offer",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Confirm the offer of a delegation by its code",
    description=(
        "A repeated call with the same code is accepted. The answer 404 does not tell whether the "
        f"code was ever valid. You may act for {MOST_HELD} parties at a time."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    body=Body[OfferCode](
        OfferCode, name="OfferCode", example={"code": "7KQ2M-9ZXH4-B3TWE-YD5RA-6CVN8"}
    ),
    handler=_take,
    logs=Logs(Action.DELEGATION_TAKEN),
    answers={200: PartyAnswer},
    refusals=(OfferNotFoundError, OwnOfferError, TooManyPartiesError),
)

leave_party: Endpoint[Access, None, None] = Endpoint(
    name="leave_party",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Revoke a delegation that you hold",
    description=(
        "Your next call for the party is refused. A repeated call is accepted. A delegation of a "
        "register is answered 409: it ends in the register."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    parameters={"id": DelegationIdField},
    handler=_leave,
    logs=Logs(Action.DELEGATION_ENDED),
    answers={204: None},
    refusals=(NoSuchDelegationError, RegisteredDelegationError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_parties, take_offer, leave_party)
