"""The content that a message announces beside its own, at its sender's host or stored here."""

from collections.abc import Mapping
from typing import Any, Final

from lib.domain.messages.content import ThirdPartyData
from lib.domain.messages.message import Message

FIELD: Final = "third_party_data"


def at_host(message: Message) -> ThirdPartyData | None:
    """Return the announcement of content at the sender's host; None where there is none.

    A withdrawn message has none.
    """
    announced = _announced(message)
    return None if announced is None else ThirdPartyData.model_validate(announced)


def shown(message: Message) -> Mapping[str, Any] | None:
    """Return the member `third_party_data` for the app; None for a message without one.

    IO's app asks for attachments only where a message has this member. So a message with files that
    are stored here has it, too.
    """
    announced = _announced(message)
    if not message.attachments:
        return announced
    if announced is None:
        announced = {
            "id": message.id,
            "has_remote_content": False,
            "has_precondition": "NEVER",
        }
    return {**announced, "has_attachments": True}


def _announced(message: Message) -> Mapping[str, Any] | None:
    if message.withdrawal is not None or message.content is None:
        return None
    announced: Mapping[str, Any] | None = message.content.fields.get(FIELD)
    return announced
