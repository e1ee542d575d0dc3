"""Endpoints that tell a sender whether a citizen can be reached, before a message is sent."""

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from functions.http.callers.access_log import Logs, in_body, in_path
from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from lib.domain.access_log.access_entry import Action
from lib.domain.profiles.choices import IOLanguage, Language, io_languages
from lib.domain.profiles.errors import RecipientNotFoundError
from lib.domain.services.errors import RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField
from lib.domain.shared.model import Model
from lib.use_cases.profiles.recipients.check_recipients import Checked

PATH = "/api/v1/profiles"
READERS = Senders(frozenset((Group.LIMITED_PROFILE_READ,)))


class FiscalCodePayload(Model):
    """The citizen whom the sender wants to reach."""

    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the citizen whom you want to write to.")
    ]


class LimitedProfile(Model):
    """The facts that a sender may know about a citizen before it sends a message."""

    sender_allowed: Annotated[
        bool, says("Whether a message of your service would reach the citizen's inbox now.")
    ]
    preferred_languages: Annotated[
        list[IOLanguage] | None,
        says(
            "The languages that the citizen prefers, the first one most. Absent: none "
            "was chosen, or `sender_allowed` is false."
        ),
    ] = None
    languages: Annotated[
        list[Language] | None,
        says(
            "As `preferred_languages`, with Slovene (sl_SI), Ladin (lld_IT) and Friulian (fur_IT), "
            "which IO does not have. Only with `Prefer: include=languages`."
        ),
    ] = None


async def _answer(call: Call[Sender, Any, None], fiscal_code: str) -> Answer:
    found = await call.app.profiles.check_recipient(call.caller, fiscal_code)
    languages = found.preferred_languages
    profile = LimitedProfile(
        sender_allowed=found.sender_allowed,
        preferred_languages=list(io_languages(languages)) or None,
        languages=(list(languages) or None) if "languages" in call.includes else None,
    )
    return Answer(200, profile)


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
    logs=Logs(Action.PROFILE_READ, in_body),
    answers={200: LimitedProfile},
    includes=("languages",),
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
    logs=Logs(Action.PROFILE_READ, in_path),
    answers={200: LimitedProfile},
    includes=("languages",),
    outage=problems.try_again,
    refusals=_REFUSALS,
)

MAX_CITIZENS = 10_000
CITIZENS_OF_A_CALL = 100
"""The citizens in one request that count as one call for the sender's limit."""


class FiscalCodes(Model):
    """The citizens whom the sender wants to reach."""

    fiscal_codes: Annotated[
        list[FiscalCodeField],
        Field(min_length=1, max_length=MAX_CITIZENS),
        says("The fiscal codes of the citizens, at most 10,000. A repeated one is no fault."),
    ]


class RecipientView(Model):
    """The answer that a request about this citizen alone would get."""

    fiscal_code: Annotated[FiscalCodeField, says("The fiscal code as you sent it.")]
    status: Annotated[
        Literal[200, 403, 404],
        says(
            "The status of that answer. 403: your key may not write to the citizen. 404: the "
            "citizen has no profile, or has the inbox switched off."
        ),
    ]
    sender_allowed: Annotated[
        bool | None,
        says("Whether a message of your service would reach the inbox now. Only with status 200."),
    ] = None
    preferred_languages: Annotated[
        list[Language] | None,
        says("The languages that the citizen prefers, also those that IO does not have."),
    ] = None


class RecipientsView(Model):
    """The citizens and whether they can be reached."""

    recipients: Annotated[
        list[RecipientView],
        says("One for each fiscal code of the request, in the same order."),
    ]


def _recipient(fiscal_code: str, checked: Checked) -> RecipientView:
    if isinstance(checked, RecipientForbiddenError):
        return RecipientView.model_construct(fiscal_code=fiscal_code, status=403)
    if isinstance(checked, RecipientNotFoundError):
        return RecipientView.model_construct(fiscal_code=fiscal_code, status=404)
    return RecipientView.model_construct(
        fiscal_code=fiscal_code,
        status=200,
        sender_allowed=checked.sender_allowed,
        preferred_languages=list(checked.preferred_languages) or None,
    )


async def _find_many(call: Call[Sender, FiscalCodes, None]) -> Answer:
    codes = call.body.fiscal_codes
    checked = await call.app.profiles.check_recipients(call.caller, codes)
    found = [_recipient(code, one) for code, one in zip(codes, checked, strict=True)]
    return Answer(200, RecipientsView.model_construct(recipients=found))


def _reached(found: RecipientsView) -> list[str]:
    """Return of whom the answer tells more than it would of a person without this app."""
    return [one.fiscal_code for one in found.recipients if one.status == 200]  # noqa: PLR2004


find_recipients = Endpoint(
    name="find_recipients",
    is_ours=True,
    method="POST",
    path="/api/v1/reachability",
    summary="Check whether many citizens can be reached",
    description=(
        "Each citizen gets the answer that `POST /api/v1/profiles` would give about this citizen "
        "alone. A wrong fiscal code refuses the request; `errors` names its place. For the limit "
        "of your calls, each 100 citizens count as one call."
    ),
    tag="sender",
    policy=READERS,
    body=Body[FiscalCodes](
        FiscalCodes,
        name="FiscalCodes",
        limit=512 * 1024,
        example={"fiscal_codes": ["RSSMRA80A01H501U", "AAAAAA00A00A000A"]},
    ),
    size=lambda body: math.ceil(len(body.fiscal_codes) / CITIZENS_OF_A_CALL),
    handler=_find_many,
    logs=Logs(Action.PROFILE_READ, many=_reached),
    answers={200: RecipientsView},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (find_recipient, read_recipient, find_recipients)
