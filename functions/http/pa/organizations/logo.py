"""Set the logo of an organisation."""

from functions.http.citizen.logos import ORGANIZATION_LOGOS
from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import AnyKey
from functions.http.pa.services.logo import BODY_LIMIT, ONE_PIXEL, LogoPayload
from lib.domain.services.errors import LogoInvalidError
from lib.domain.services.service import Group
from lib.domain.services.subscription import KeyHolder
from lib.domain.shared.identifiers import OrganizationFiscalCode, OrganizationFiscalCodeField
from lib.use_cases.shared.png import MAX_BYTES, MAX_SIDE


async def _put(call: Call[KeyHolder, LogoPayload, None]) -> Answer:
    fiscal_code = OrganizationFiscalCode(call.path["organization_fiscal_code"])
    await call.app.services.logo.put_of_organization(call.caller, fiscal_code, call.body.logo)
    name = fiscal_code.lstrip("0")
    return Answer(202, headers={"Location": f"{ORGANIZATION_LOGOS}/{name}.png"})


set_organization_logo = Endpoint(
    name="set_organization_logo",
    method="PUT",
    path="/api/v1/organizations/{organization_fiscal_code}/logo",
    summary="Set the logo of your organisation",
    description=(
        f"A PNG image of at most {MAX_BYTES // 1024} KiB and {MAX_SIDE} pixels a side. Everybody "
        "can download it from the address in the header Location. The key must act for the "
        "organisation, as its manage key does."
    ),
    tag="sender",
    policy=AnyKey(frozenset((Group.SERVICE_WRITE,))),
    parameters={"organization_fiscal_code": OrganizationFiscalCodeField},
    body=Body[LogoPayload](LogoPayload, name="Logo", limit=BODY_LIMIT, example={"logo": ONE_PIXEL}),
    handler=_put,
    answers={202: None},
    outage=problems.try_again,
    refusals=(LogoInvalidError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (set_organization_logo,)
