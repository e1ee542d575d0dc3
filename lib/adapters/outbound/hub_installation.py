"""A device in a notification hub: its tags, and its templates for the platform.

A template has no conditional members. So a push about another inbox has a template of its own, and
each template has its own tag: a device gets each push by one of them.
"""

from typing import Any, Final

import orjson

from lib.domain.devices.devices import Platform
from lib.ports.push import PushRegistration, browser_payload

TEMPLATE: Final = "message"
DELEGATED: Final = "delegated"
_TITLE, _BODY = "$(title)", "$(message)"
_MESSAGE_ID, _DELEGATION_ID = "$(message_id)", "$(delegation_id)"
_HEADERS: Final[dict[Platform, dict[str, str]]] = {
    "apns": {"apns-priority": "10", "apns-push-type": "alert"},
}
"""The headers of a template. The hub documents none for a browser."""


def tag_of(recipient: str, *, delegated: bool = False) -> str:
    """Return the tag of a citizen's devices; `delegated`: for pushes about another inbox."""
    return f"delegate:{recipient}" if delegated else f"user:{recipient}"


def described(installation: PushRegistration) -> dict[str, Any]:
    """Return the installation of a device for the hub."""
    platform, recipient = installation.platform, installation.recipient
    channel, keys = installation.push_channel, installation.keys
    return {
        "installationId": installation.id,
        "platform": platform,
        "pushChannel": channel if keys is None else {"endpoint": channel, **keys._asdict()},
        "templates": {
            TEMPLATE: _template(platform, None, tag_of(recipient)),
            DELEGATED: _template(platform, _DELEGATION_ID, tag_of(recipient, delegated=True)),
        },
    }


def _template(platform: Platform, delegation: str | None, tag: str) -> dict[str, Any]:
    headers = _HEADERS.get(platform)
    return {
        "body": orjson.dumps(_body(platform, delegation)).decode(),
        "tags": [tag],
        **({"headers": headers} if headers else {}),
    }


def _body(platform: Platform, delegation: str | None) -> dict[str, Any]:
    if platform == "browser":
        return browser_payload(_TITLE, _BODY, _MESSAGE_ID, delegation)
    alert = {"title": _TITLE, "body": _BODY}
    data = {"message_id": _MESSAGE_ID}
    if delegation is not None:
        data["delegation_id"] = delegation
    if platform == "apns":
        return {"aps": {"alert": alert}, **data}
    android = {"data": data, "notification": {"icon": "ic_notification"}}
    return {"message": {"notification": alert, "android": android}}
