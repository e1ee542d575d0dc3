"""A device in a notification hub: its tag, and its templates for the platform."""

from typing import Any, Final

import orjson

from lib.domain.devices.devices import Platform
from lib.ports.push import PushRegistration

TEMPLATE: Final = "message"
_TITLE, _BODY, _MESSAGE = "$(title)", "$(message)", "$(message_id)"
_TEMPLATES: Final[dict[Platform, dict[str, Any]]] = {
    "apns": {
        "body": {
            "aps": {"alert": {"title": _TITLE, "body": _BODY}},
            "message_id": _MESSAGE,
        },
        "headers": {"apns-priority": "10", "apns-push-type": "alert"},
    },
    "fcmv1": {
        "body": {
            "message": {
                "notification": {"title": _TITLE, "body": _BODY},
                "android": {
                    "data": {"message_id": _MESSAGE},
                    "notification": {"icon": "ic_notification"},
                },
            }
        },
    },
}


def tag_of(recipient: str) -> str:
    """Return the tag of a citizen's devices."""
    return f"user:{recipient}"


def described(installation: PushRegistration) -> dict[str, Any]:
    """Return the installation of a device for the hub."""
    template = _TEMPLATES[installation.platform]
    return {
        "installationId": installation.id,
        "platform": installation.platform,
        "pushChannel": installation.push_channel,
        "tags": [tag_of(installation.recipient)],
        "templates": {TEMPLATE: {**template, "body": orjson.dumps(template["body"]).decode()}},
    }
