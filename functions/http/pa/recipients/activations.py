"""Endpoints of the activations of SPECIAL services, in IO's shapes.

IO's clients call the path with a slash at its end. Azure's router and that of the local host find
the endpoint with and without the slash.
"""

from typing import Annotated, Any

from pydantic import Field

from functions.http.callers.access_log import Logs, in_body
from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.profiles import FiscalCodePayload
from lib.domain.access_log.access_entry import Action
from lib.domain.profiles.choices import Activation, ActivationStatus
from lib.domain.profiles.errors import ActivationNotFoundError
from lib.domain.services.errors import RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField, ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

PATH = "/api/v1/activations"
WRITERS = Senders(frozenset((Group.MESSAGE_WRITE,)))
_EXAMPLE = "RSSMRA80A01H501U"

Status = Annotated[
    ActivationStatus,
    says(
        "ACTIVE: messages of the service reach the citizen's inbox. INACTIVE: they do not. "
        "PENDING: they do for 24 hours from the write, in which the service completes the "
        "activation."
    ),
    IOType(("ActivationStatus",), "must be ACTIVE, INACTIVE or PENDING"),
]


class ActivationPayload(Model):
    """The activation to store."""

    fiscal_code: Annotated[FiscalCodeField, says("The fiscal code of the citizen.")]
    status: Status


class ActivationAnswer(Model):
    """The citizen's activation of your service."""

    service_id: Annotated[ServiceIdField, says("The id of your service.")]
    fiscal_code: Annotated[FiscalCodeField, says("The fiscal code of the citizen.")]
    status: Status
    version: Annotated[
        int, Field(ge=0), says("How often the activation was written after the first time.")
    ]


def _answer(call: Call[Sender, Any, None], activation: Activation) -> Answer:
    shown = ActivationAnswer(
        service_id=call.caller.service.id,
        fiscal_code=call.body.fiscal_code,
        status=activation.status,
        version=activation.version,
    )
    return Answer(200, shown)


async def _find(call: Call[Sender, FiscalCodePayload, None]) -> Answer:
    found = await call.app.profiles.activations.read(call.caller, call.body.fiscal_code)
    return _answer(call, found)


async def _put(call: Call[Sender, ActivationPayload, None]) -> Answer:
    body = call.body
    written = await call.app.profiles.activations.write(call.caller, body.fiscal_code, body.status)
    return _answer(call, written)


_DESCRIPTION = (
    "For SPECIAL services alone, which an operator makes SPECIAL; another service is answered 403. "
    "The activation decides whether messages of the service reach the citizen's inbox; the "
    "citizen's own choice for the service decides on pushes and e-mails. The citizen's app shows "
    "it as the choice for the inbox. A slash at the end of the path changes nothing."
)

find_activation = Endpoint(
    name="find_activation",
    method="POST",
    path=PATH,
    summary="Read a citizen's activation of your SPECIAL service",
    description=f"{_DESCRIPTION} A citizen without an activation is answered 404.",
    tag="sender",
    policy=WRITERS,
    body=Body[FiscalCodePayload](
        FiscalCodePayload, name="FiscalCodePayload", example={"fiscal_code": _EXAMPLE}
    ),
    handler=_find,
    logs=Logs(Action.ACTIVATION_READ, in_body),
    answers={200: ActivationAnswer},
    outage=problems.try_again,
    refusals=(RecipientForbiddenError, ActivationNotFoundError),
)

change_activation = Endpoint(
    name="change_activation",
    method="PUT",
    path=PATH,
    summary="Set a citizen's activation of your SPECIAL service",
    description=f"{_DESCRIPTION} Each call makes a version, also with the same status.",
    tag="sender",
    policy=WRITERS,
    body=Body[ActivationPayload](
        ActivationPayload,
        name="ActivationPayload",
        example={"fiscal_code": _EXAMPLE, "status": "ACTIVE"},
    ),
    handler=_put,
    logs=Logs(Action.ACTIVATION_CHANGED, in_body),
    answers={200: ActivationAnswer},
    outage=problems.try_again,
    refusals=(RecipientForbiddenError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (find_activation, change_activation)
