"""The citizen's switch of SEND, the platform of notifications with legal value."""

from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import StringConstraints

from functions.http.callers.access_log import Logs
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.access import Access
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.profiles.errors import SendNotAvailableError
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import Flag

PATH: Final = "/api/communication/v1/send/activation"
OLDER_PATH: Final = "/api/v1/pn/activation"


class SendActivation(Model):
    """Whether the service of SEND may write to the citizen."""

    activation_status: Annotated[
        Flag,
        says(
            "True: notifications with legal value reach the inbox. False: they do not, whatever "
            "the preferences for the service say."
        ),
    ]


class WhichSend(Model):
    """The environment of SEND."""

    isTest: Annotated[  # noqa: N815 - IO's name on the wire
        str | None,
        StringConstraints(max_length=64),
        says("The environment of SEND in IO. It has no effect."),
    ] = None


async def _read(call: Call[Access, None, WhichSend]) -> Answer:
    is_on = await call.app.profiles.send_activation.read(call.caller)
    return Answer(200, SendActivation(activation_status=is_on))


async def _change(call: Call[Access, SendActivation, WhichSend]) -> Answer:
    is_on = call.body.activation_status
    await call.app.profiles.send_activation.switch(call.caller, is_on=is_on)
    return Answer(204)


read_send_activation: Endpoint[Access, None, WhichSend] = Endpoint(
    name="read_send_activation",
    method="GET",
    path=PATH,
    summary="Read whether SEND is switched on",
    description=(
        "It is off until the citizen switches it on. An installation without SEND answers 404."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    query=WhichSend,
    handler=_read,
    answers={200: SendActivation},
    refusals=(SendNotAvailableError,),
)

change_send_activation: Endpoint[Access, SendActivation, WhichSend] = Endpoint(
    name="change_send_activation",
    method="POST",
    path=PATH,
    summary="Switch SEND on or off",
    description=(
        "The switch holds for messages that are delivered from now on. A repeated switch is "
        "accepted. The service of SEND reads and sets the same switch as its activation."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    query=WhichSend,
    body=Body[SendActivation](
        SendActivation, name="PNActivation", example={"activation_status": True}
    ),
    handler=_change,
    logs=Logs(Action.ACTIVATION_CHANGED),
    answers={204: None},
    refusals=(SendNotAvailableError,),
)


def _older(endpoint: AnyEndpoint) -> Endpoint[Any, Any, Any]:
    return replace(endpoint, name=f"{endpoint.name}_v1", path=OLDER_PATH)


ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_send_activation,
    change_send_activation,
    _older(read_send_activation),
    _older(change_send_activation),
)
