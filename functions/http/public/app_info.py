"""Endpoints that IO's app asks before a login: versions, and whether the services work."""

from typing import Annotated, Final, Literal

from functions.http.contract.answers import Text
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from lib import __version__
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.ports.errors import UnavailableError

_VERSION: Final = "The least version of the app that this installation serves, on {}."


class AppVersions(Model):
    """A version for each platform."""

    ios: Annotated[str, says(_VERSION.format("iOS"))]
    android: Annotated[str, says(_VERSION.format("Android"))]


class ServerInfo(Model):
    """The version of the server, and the versions of the app that it serves."""

    version: Annotated[str, says("The version of this installation.")]
    min_app_version: Annotated[AppVersions, says("The least versions that may use the API.")]
    min_app_version_pagopa: Annotated[
        AppVersions, says("The least versions that may use payments: the same.")
    ]
    accessibility_email: Annotated[
        str | None,
        says(
            "The address for those who cannot use a page of this installation, as the "
            "accessibility statement names it. Absent: none is set."
        ),
    ] = None


class BackendService(Model):
    """A part of the installation, and whether it works."""

    id: Annotated[Literal["recapito"], says("The part: always `recapito`, the whole.")]
    status: Annotated[
        Literal["OK", "CRITICAL"],
        says("OK: the data and the queues can be reached. CRITICAL: they cannot."),
    ]
    details: Annotated[str, says("The state in a sentence for people.")]


class BackendStatus(Model):
    """The state of the installation."""

    services: Annotated[list[BackendService], says("The parts of the installation.")]


async def _info(call: Call[None, None, None]) -> Answer:
    settings = call.app.settings
    least = AppVersions(ios=settings.min_app_version_ios, android=settings.min_app_version_android)
    body = ServerInfo(
        version=__version__,
        min_app_version=least,
        min_app_version_pagopa=least,
        accessibility_email=settings.accessibility_email or settings.api_contact_email or None,
    )
    return Answer(200, body)


async def _ping(_call: Call[None, None, None]) -> Answer:
    return Answer(200, Text("ok"))


async def _ping_v1(_call: Call[None, None, None]) -> Answer:
    return Answer(204)


async def _status(call: Call[None, None, None]) -> Answer:
    try:
        await call.app.operations.check_health()
    except UnavailableError:
        found = BackendService(id="recapito", status="CRITICAL", details="The API cannot work now.")
    else:
        found = BackendService(id="recapito", status="OK", details="The API works.")
    return Answer(200, BackendStatus(services=[found]))


read_info = Endpoint(
    name="read_info",
    method="GET",
    path="/info",
    summary="Read the versions of server and app",
    description="An app that is older than the least version asks its user for an update.",
    tag="public",
    policy=Everybody(),
    handler=_info,
    answers={200: ServerInfo},
)

ping = Endpoint(
    name="ping",
    method="GET",
    path="/ping",
    summary="Check that the API answers",
    description="The text `ok`. The data and the queues are not asked: see `/status`.",
    tag="public",
    policy=Everybody(),
    handler=_ping,
    answers={200: Text.media_type},
)

ping_v1 = Endpoint(
    name="ping_v1",
    method="GET",
    path="/api/v1/ping",
    summary="Check that the API answers",
    description="An empty answer. The data and the queues are not asked: see `/status`.",
    tag="public",
    policy=Everybody(),
    handler=_ping_v1,
    answers={204: None},
)

read_backend_status = Endpoint(
    name="read_backend_status",
    method="GET",
    path="/api/v1/status",
    summary="Read whether the parts of the API work",
    description=(
        "In IO's form, always 200. `/status` tells the same by its status code. An answer may be "
        "five seconds old."
    ),
    tag="public",
    policy=Everybody(),
    handler=_status,
    answers={200: BackendStatus},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_info, ping, ping_v1, read_backend_status)
