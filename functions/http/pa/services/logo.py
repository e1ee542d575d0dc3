"""Set the logo of a service."""

from typing import Annotated

from pydantic import Field

from functions.http.citizen.logos import SERVICE_LOGOS
from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.services.errors import LogoInvalidError
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NonEmpty
from lib.use_cases.shared.png import MAX_BYTES, MAX_SIDE

BODY_LIMIT = 512 * 1024
ONE_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class LogoPayload(Model):
    """A logo."""

    logo: Annotated[
        NonEmpty, Field(max_length=BODY_LIMIT), says("The PNG image, encoded as base64.")
    ]


async def _put(call: Call[Manager, LogoPayload, None]) -> Answer:
    id_ = named(call)
    await call.app.services.logo.put(call.caller, id_, call.body.logo)
    return Answer(204, headers={"Location": f"{SERVICE_LOGOS}/{id_.lower()}.png"})


set_service_logo = Endpoint(
    name="set_service_logo",
    method="PUT",
    path=f"{ONE}/logo",
    summary="Set the logo of a service",
    description=(
        f"A PNG image of at most {MAX_BYTES // 1024} KiB and {MAX_SIDE} pixels a side. Everybody "
        "can download it from the address in the header Location."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=Body[LogoPayload](LogoPayload, name="Logo", limit=BODY_LIMIT, example={"logo": ONE_PIXEL}),
    handler=_put,
    answers={204: None},
    outage=problems.try_again,
    refusals=(*NOT_FOUND, LogoInvalidError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (set_service_logo,)
