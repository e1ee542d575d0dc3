"""A device in a notification hub: its tags, and its templates for the platform.

A template has no conditional members. So a push about another inbox has a template of its own, and
each template has its own tag: a device gets each push by one of them.
"""

from typing import Any, Final

import orjson

from lib.domain.devices.devices import Platform
from lib.ports.push import PushRegistration

TEMPLATE: Final = "message"
DELEGATED: Final = "delegated"
_TITLE, _BODY = "$(title)", "$(message)"
_DATA: Final = {"message_id": "$(message_id)"}
_DELEGATED_DATA: Final = {**_DATA, "delegation_id": "$(delegation_id)"}
_HEADERS: Final[dict[Platform, dict[str, str]]] = {
    "apns": {"apns-priority": "10", "apns-push-type": "alert"},
    "fcmv1": {},
}


def tag_of(recipient: str, *, delegated: bool = False) -> str:
    """Return the tag of a citizen's devices; `delegated`: for pushes about another inbox."""
    return f"delegate:{recipient}" if delegated else f"user:{recipient}"


def described(installation: PushRegistration) -> dict[str, Any]:
    """Return the installation of a device for the hub."""
    platform, recipient = installation.platform, installation.recipient
    return {
        "installationId": installation.id,
        "platform": platform,
        "pushChannel": installation.push_channel,
        "templates": {
            TEMPLATE: _template(platform, _DATA, tag_of(recipient)),
            DELEGATED: _template(platform, _DELEGATED_DATA, tag_of(recipient, delegated=True)),
        },
    }


def _template(platform: Platform, data: dict[str, str], tag: str) -> dict[str, Any]:
    headers = _HEADERS[platform]
    return {
        "body": orjson.dumps(_body(platform, data)).decode(),
        "tags": [tag],
        **({"headers": headers} if headers else {}),
    }


def _body(platform: Platform, data: dict[str, str]) -> dict[str, Any]:
    alert = {"title": _TITLE, "body": _BODY}
    if platform == "apns":
        return {"aps": {"alert": alert}, **data}
    android = {"data": data, "notification": {"icon": "ic_notification"}}
    return {"message": {"notification": alert, "android": android}}
