"""Endpoints of the citizen's devices, which get push notifications.

The endpoints that IO has are served under both base paths that IO's app knows.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

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
LIST = "/api/communication/v1/installations"
BASE = f"{LIST}/{{installation_id}}"
BASE_V1 = "/api/v1/installations/{installation_id}"

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


class DeviceView(Model):
    """A device that gets push notifications."""

    id: Annotated[str, says("The id of the device in this list. A removal takes it as well.")]
    platform: Annotated[
        Platform | None,
        says(
            "The push service: `apns` for Apple, `fcmv1` for Android, `browser` for a browser with "
            "web push. Absent: an earlier version registered the device."
        ),
    ] = None
    registered_at: Annotated[
        str | None,
        Field(json_schema_extra={"format": "date-time"}),
        says(
            "When the device registered with its present token or subscription: date and time in "
            "UTC. Absent: an earlier version registered the device."
        ),
    ] = None


class DeviceViews(Model):
    """The devices that get push notifications, the last registered first."""

    items: Annotated[list[DeviceView], says("The devices, at most ten.")]


async def bind(call: Call[Access, Any, None]) -> str:
    """Let the device lose its notifications with the session of the call; return its id.

    This comes before the registration, so that a device with notifications always has the session
    that ends them.
    """
    installation_id = call.path["installation_id"]
    if call.caller.session_id is not None:
        await call.app.sign_in.own.bind_device(call.caller, installation_id)
    return installation_id


async def _register(call: Call[Access, Installation, None]) -> Answer:
    platform: Platform = "apns" if call.body.platform == "apns" else "fcmv1"
    installation_id = await bind(call)
    await call.app.devices.register(call.caller, installation_id, platform, call.body.pushChannel)
    return Answer(200, Done())


async def _remove(call: Call[Access, None, None]) -> Answer:
    await call.app.devices.remove(call.caller, call.path["installation_id"])
    return Answer(200, Done())


async def _list(call: Call[Access, None, None]) -> Answer:
    items = [
        DeviceView(id=one.id, platform=one.platform, registered_at=one.registered_at)
        for one in await call.app.devices.list(call.caller)
    ]
    return Answer(200, DeviceViews(items=items))


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
            "The device gets no further notification. The id is the one that the app chose, or the "
            "one of the list of devices. Removing a device that is not registered is accepted."
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
list_installations = Endpoint[Access, None, None](
    name="list_installations",
    is_ours=True,
    method="GET",
    path=LIST,
    summary="List your devices with push notifications",
    description="Apps and browsers, without those that another citizen has registered since then.",
    tag="citizen",
    policy=CITIZENS,
    handler=_list,
    answers={200: DeviceViews},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    register_installation,
    register_installation_v1,
    remove_installation,
    remove_installation_v1,
    list_installations,
)
