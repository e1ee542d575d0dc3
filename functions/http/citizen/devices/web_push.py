"""Endpoints of web push: the key for the page, and the subscription of a browser.

IO has no browsers, so its registration keeps its form, and a browser has an operation of its own.
"""

from typing import Annotated, Final

from pydantic import Field

from functions.http.callers.access_log import Logs
from functions.http.citizen.devices.installations import (
    BASE,
    CITIZENS,
    Done,
    InstallationId,
    bind,
)
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Everybody
from lib.domain.access_log.access_entry import Action
from lib.domain.devices import devices, web_push
from lib.domain.identity.access import Access
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

_CACHED: Final = {"Cache-Control": "public, max-age=3600"}


class BrowserKeys(Model):
    """The keys with which pushes are encrypted for the browser."""

    p256dh: Annotated[web_push.PublicKeyField, says("The public key of the browser.")]
    auth: Annotated[web_push.AuthField, says("The secret of the subscription.")]


class BrowserSubscription(Model):
    """The subscription of a browser, as its `PushSubscription.toJSON()` gives it."""

    endpoint: Annotated[
        web_push.EndpointField,
        says(
            "The address at which the push service of the browser takes pushes. It belongs to the "
            "citizen who registered it last."
        ),
    ]
    expirationTime: Annotated[  # noqa: N815 - the name in the Push API of the W3C
        float | None,
        Field(ge=0, le=2**53 - 1, strict=True),
        says(
            "When the push service ends the subscription, in milliseconds since 1970. It is not "
            "used. Absent or null: it has no end."
        ),
    ] = None
    keys: Annotated[BrowserKeys, says("The keys of the subscription.")]


class PushKey(Model):
    """The public key of web push."""

    public_key: Annotated[
        str | None,
        says(
            "The key for `applicationServerKey` of a subscription: a point of P-256 in base64url. "
            "Absent: this installation sends no web push."
        ),
    ] = None


async def _subscribe(call: Call[Access, BrowserSubscription, None]) -> Answer:
    installation_id = await bind(call)
    keys = devices.BrowserKeys(call.body.keys.p256dh, call.body.keys.auth)
    await call.app.devices.register(
        call.caller, installation_id, "browser", call.body.endpoint, keys
    )
    return Answer(200, Done())


async def _read_key(call: Call[None, None, None]) -> Answer:
    key = call.app.settings.web_push_public_key
    return Answer(200, PushKey(public_key=key or None), headers=_CACHED)


subscribe_browser = Endpoint(
    name="subscribe_browser",
    is_ours=True,
    method="PUT",
    path=f"{BASE}/subscription",
    summary="Register a browser for push notifications",
    description=(
        "The page chooses the id, one for each browser, and registers the subscription at each "
        "start, since a browser may replace it. A browser counts as a device: see the registration "
        "of devices, and remove it as a device. A push has `title`, `body`, `message_id`, `tag` "
        "and, for a message of another party's inbox, `delegation_id`, as a JSON object; a push "
        "that is about no message has an empty `message_id`."
    ),
    tag="citizen",
    policy=CITIZENS,
    parameters={"installation_id": InstallationId},
    body=Body[BrowserSubscription](
        BrowserSubscription,
        name="BrowserSubscription",
        example={
            "endpoint": "https://push.example/send/a-subscription",
            "expirationTime": None,
            "keys": {
                "p256dh": (
                    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"
                    "aOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                ),
                "auth": "BTBZMqHH6r4Tts7J_aSIgg",
            },
        },
    ),
    handler=_subscribe,
    logs=Logs(Action.DEVICE_REGISTERED),
    answers={200: Done},
)
read_push_key = Endpoint(
    name="read_push_key",
    is_ours=True,
    method="GET",
    path="/api/communication/v1/push-key",
    summary="Read the public key of web push",
    description=(
        "A page subscribes its browser with this key. An answer may be kept for an hour. With "
        "another key than before, the page subscribes anew: pushes for the former subscription no "
        "longer arrive."
    ),
    tag="citizen",
    policy=Everybody(),
    handler=_read_key,
    answers={200: PushKey},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (subscribe_browser, read_push_key)
