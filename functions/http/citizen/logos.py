"""Logos, which everybody can download and keep for an hour."""

from typing import Annotated

from pydantic import StringConstraints

from functions.http.contract.answers import Image
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from lib.domain.services.errors import LogoNotFoundError
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import IOType
from lib.use_cases.services.keep_logo import Logo

SERVICE_LOGOS = "/api/v1/logos/services"
ORGANIZATION_LOGOS = "/api/v1/logos/organizations"
IF_NONE_MATCH = "if-none-match"
PNG = "image/png"
SECONDS = 3600

LogoFile = Annotated[
    str,
    says("The id of the service in lower case, and `.png`."),
    StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,255}\.png$"),
    IOType(("name of a PNG file",), "must be the id of a service, and .png"),
]
OrganizationLogoFile = Annotated[
    str,
    says("The fiscal code of the organisation, with or without zeros at its start, and `.png`."),
    StringConstraints(pattern=r"^[0-9]{1,11}\.png$"),
    IOType(("name of a PNG file",), "must be the fiscal code of an organisation, and .png"),
]
KnownTag = Annotated[
    str,
    says("The ETag of the logo that you have; where it is the present one, the answer is 304."),
    StringConstraints(max_length=1024),
]


async def _read(call: Call[None, None, None]) -> Answer:
    id_ = ServiceId(call.path["file"].removesuffix(".png"))
    return _answer(call, await call.app.services.logo.get(id_))


async def _read_of_organization(call: Call[None, None, None]) -> Answer:
    fiscal_code = call.path["file"].removesuffix(".png")
    return _answer(call, await call.app.services.logo.get_of_organization(fiscal_code))


def _answer(call: Call[None, None, None], logo: Logo) -> Answer:
    tag = f'"{logo.tag}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={SECONDS}"}
    known = call.headers.get(IF_NONE_MATCH, "")
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Answer(304, headers=headers)
    return Answer(200, Image(logo.content, PNG), headers)


download_service_logo = Endpoint(
    name="download_service_logo",
    is_ours=True,
    method="GET",
    path=f"{SERVICE_LOGOS}/{{file}}",
    summary="Download the logo of a service",
    description=(
        "Everybody can download a logo, and keep it for an hour. A service without a logo is "
        "answered 404."
    ),
    tag="citizen",
    policy=Everybody(),
    parameters={"file": LogoFile},
    headers={IF_NONE_MATCH: KnownTag},
    handler=_read,
    answers={200: PNG, 304: None},
    refusals=(LogoNotFoundError,),
)

download_organization_logo = Endpoint(
    name="download_organization_logo",
    is_ours=True,
    method="GET",
    path=f"{ORGANIZATION_LOGOS}/{{file}}",
    summary="Download the logo of an organisation",
    description=(
        "Everybody can download a logo, and keep it for an hour. An organisation without a logo is "
        "answered 404."
    ),
    tag="citizen",
    policy=Everybody(),
    parameters={"file": OrganizationLogoFile},
    headers={IF_NONE_MATCH: KnownTag},
    handler=_read_of_organization,
    answers={200: PNG, 304: None},
    refusals=(LogoNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (download_service_logo, download_organization_logo)
