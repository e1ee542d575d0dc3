"""The requests of Queue Storage's REST interface, as the SDK writes them."""

import base64
import uuid
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from lib.adapters.azure.direct.examples import Dialect, Sign
from lib.adapters.azure.direct.requests import Request
from lib.ports.errors import UnavailableError
from lib.ports.queue import QueueItem

_COPIED: Final = frozenset(
    {"accept", "authorization", "content-type", "user-agent", "x-ms-version"}
)
_OWN: Final = frozenset({"content-length", "x-ms-client-request-id", "x-ms-date"})


def queues(sign: Sign | None) -> Dialect:
    """Return the dialect of Queue Storage."""
    return Dialect("/{}/messages", _COPIED, _OWN, _is_final, sign)


def put(text: str, hidden: int, time_to_live: int) -> Request:
    """Return the request of a put, whose text is in base64 as the Functions host reads it."""
    target = f"?visibilitytimeout={hidden}&messagettl={time_to_live}"
    return Request("POST", target, _headers(), _START + base64.b64encode(text.encode()) + _END)


def receive(limit: int, hidden: int) -> Request:
    """Return the request of a receive."""
    return Request("GET", f"?numofmessages={limit}&visibilitytimeout={hidden}", _headers())


def delete(item: QueueItem) -> Request:
    """Return the request of a delete."""
    target = f"/{quote(item.id, '')}?popreceipt={quote(item.pop_receipt, '')}"
    return Request("DELETE", target, _headers())


def received(queue: str, body: bytes) -> list[QueueItem]:
    """Return the items in the answer to a receive."""
    try:
        # the service itself writes the XML; the texts of senders are in base64
        return [_item(message) for message in ET.fromstring(body)]  # noqa: S314
    except (ET.ParseError, LookupError, ValueError):
        raise UnavailableError(f"{queue}: the answer to a receive cannot be read") from None


def _around_a_text() -> tuple[bytes, bytes]:
    """Return the XML of a put before and after the item's text."""
    message = ET.Element("QueueMessage")
    ET.SubElement(message, "MessageText").text = "text"
    start, _, end = ET.tostring(message, "utf-8", xml_declaration=True).partition(b"text")
    return start, end


_START, _END = _around_a_text()


def _item(message: ET.Element) -> QueueItem:
    parts = {part.tag: part.text or "" for part in message}
    return QueueItem(
        parts["MessageId"],
        base64.b64decode(parts["MessageText"]).decode(),
        int(parts["DequeueCount"]),
        parsedate_to_datetime(parts["InsertionTime"]).astimezone(UTC),
        parts["PopReceipt"],
    )


def _headers() -> dict[str, str]:
    return {"x-ms-client-request-id": str(uuid.uuid4())}


def _is_final(status: int, _: Mapping[str, str]) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
