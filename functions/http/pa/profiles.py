"""Endpoints that tell a sender whether a citizen can be reached, before a message is sent."""

from typing import Annotated, Any

from pydantic import BaseModel

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from lib.domain.profiles.choices import Language
from lib.domain.profiles.errors import RecipientNotFoundError
from lib.domain.services.errors import RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField

PATH = "/api/v1/profiles"
READERS = Senders(frozenset((Group.LIMITED_PROFILE_READ,)))


class FiscalCodePayload(BaseModel):
    """The citizen whom the sender wants to reach."""

    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the citizen whom you want to write to.")
    ]


class LimitedProfile(BaseModel):
    """The facts that a sender may know about a citizen before it sends a message."""

    sender_allowed: Annotated[
        bool, says("Whether a message of your service would reach the citizen's inbox now.")
    ]
    preferred_languages: Annotated[
        list[Language] | None,
        says(
            "The languages that the citizen prefers, the first one most. Absent: none "
            "was chosen, or `sender_allowed` is false."
        ),
    ] = None


async def _answer(call: Call[Sender, Any, None], fiscal_code: str) -> Answer:
    found = await call.app.profiles.check_recipient(call.caller, fiscal_code)
    languages = list(found.preferred_languages) or None
    return Answer(
        200, LimitedProfile(sender_allowed=found.sender_allowed, preferred_languages=languages)
    )


async def _find(call: Call[Sender, FiscalCodePayload, None]) -> Answer:
    return await _answer(call, call.body.fiscal_code)


async def _read(call: Call[Sender, None, None]) -> Answer:
    return await _answer(call, call.path["fiscal_code"])


_DESCRIPTION = (
    "`sender_allowed` is false for a citizen who does not take messages of your service, by the "
    "rule that also decides on each message. A citizen without a profile and a citizen with the "
    "inbox switched off are both answered 404. The answer holds at this moment: Recapito decides "
    "on a message when it processes the message. 403: your key may not write to the citizen."
)
_REFUSALS = (RecipientForbiddenError, RecipientNotFoundError)

find_recipient = Endpoint(
    name="find_recipient",
    method="POST",
    path=PATH,
    summary="Check whether a citizen can be reached (fiscal code in the body)",
    description=_DESCRIPTION,
    tag="sender",
    policy=READERS,
    body=Body[FiscalCodePayload](
        FiscalCodePayload, name="FiscalCodePayload", example={"fiscal_code": "RSSMRA80A01H501U"}
    ),
    handler=_find,
    answers={200: LimitedProfile},
    outage=problems.try_again,
    refusals=_REFUSALS,
)

read_recipient = Endpoint(
    name="read_recipient",
    method="GET",
    path=f"{PATH}/{{fiscal_code}}",
    summary="Check whether a citizen can be reached (fiscal code in the path)",
    description=f"{_DESCRIPTION} POST keeps the fiscal code out of the address.",
    tag="sender",
    policy=READERS,
    parameters={"fiscal_code": FiscalCodeField},
    handler=_read,
    answers={200: LimitedProfile},
    outage=problems.try_again,
    refusals=_REFUSALS,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (find_recipient, read_recipient)
