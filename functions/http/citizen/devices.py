"""Endpoints of the citizen's devices, which get push notifications.

The endpoints are served under both base paths that IO's app knows.
"""

from typing import Annotated, Literal

from pydantic import StringConstraints

from functions.http.callers.access_log import Logs
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.access_log.access_entry import Action
from lib.domain.devices.devices import Platform
from lib.domain.identity.access import Access
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

CITIZENS = Citizens(OWNER_ALONE)
PATH = "/installations/{installation_id}"
BASE = f"/api/communication/v1{PATH}"
BASE_V1 = f"/api/v1{PATH}"

InstallationId = Annotated[
    str,
    says("The id that the app gave the device."),
    StringConstraints(min_length=1, max_length=256),
    IOType(("non empty string",)),
]
PushChannel = Annotated[
    str, StringConstraints(min_length=1, max_length=4096), IOType(("non empty string",))
]


class Installation(Model):
    """The push service of a device and the device's token. Older apps write `gcm` for `fcmv1`."""

    platform: Annotated[
        Literal["apns", "gcm", "fcmv1"],
        says(
            "The push service of the device: `apns` for Apple, `fcmv1` for Android. "
            "`gcm` is the older name of `fcmv1`."
        ),
    ]
    pushChannel: Annotated[  # noqa: N815 - IO's name on the wire
        PushChannel,
        says(
            "The token by which the push service of the platform reaches the device. "
            "It belongs to the citizen who registered it last."
        ),
    ]


class Done(Model):
    """The change is stored."""

    message: Annotated[Literal["ok"], says("Always `ok`: the change is stored.")] = "ok"


async def _register(call: Call[Access, Installation, None]) -> Answer:
    platform: Platform = "apns" if call.body.platform == "apns" else "fcmv1"
    installation_id = call.path["installation_id"]
    if call.caller.session_id is not None:
        # first, so that a device with notifications always has the session that ends them
        await call.app.sign_in.own.bind_device(call.caller, installation_id)
    await call.app.devices.register(call.caller, installation_id, platform, call.body.pushChannel)
    return Answer(200, Done())


async def _remove(call: Call[Access, None, None]) -> Answer:
    await call.app.devices.remove(call.caller, call.path["installation_id"])
    return Answer(200, Done())


def _registration(name: str, path: str) -> Endpoint[Access, Installation, None]:
    return Endpoint(
        name=name,
        method="PUT",
        path=path,
        summary="Register a device for push notifications",
        description=(
            "The app chooses the id, one for each device. A citizen may have ten devices; an "
            "eleventh takes the place of the device that registered longest ago. A push channel "
            "belongs to the citizen who registered it last: notifications of its former owner no "
            "longer go there."
        ),
        tag="citizen",
        policy=CITIZENS,
        parameters={"installation_id": InstallationId},
        body=Body[Installation](
            Installation,
            name="Installation",
            example={"platform": "fcmv1", "pushChannel": "a-token-of-the-platform"},
        ),
        handler=_register,
        logs=Logs(Action.DEVICE_REGISTERED),
        answers={200: Done},
    )


def _removal(name: str, path: str) -> Endpoint[Access, None, None]:
    return Endpoint(
        name=name,
        method="DELETE",
        path=path,
        summary="Remove a device from push notifications",
        description=(
            "The device gets no further notification. Removing a device that is not registered is "
            "accepted."
        ),
        tag="citizen",
        policy=CITIZENS,
        parameters={"installation_id": InstallationId},
        handler=_remove,
        logs=Logs(Action.DEVICE_REMOVED),
        answers={200: Done},
    )


register_installation = _registration("register_installation", BASE)
register_installation_v1 = _registration("register_installation_v1", BASE_V1)
remove_installation = _removal("remove_installation", BASE)
remove_installation_v1 = _removal("remove_installation_v1", BASE_V1)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    register_installation,
    register_installation_v1,
    remove_installation,
    remove_installation_v1,
)
