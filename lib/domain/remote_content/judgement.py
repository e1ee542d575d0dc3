"""The faults of a sender's host: rules of IO's contract that its answers break.

No fault repeats a value of an answer, since the answers are about a citizen.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from lib.domain.shared.values import utf16_length

FaultCode = Literal[
    "HOST_NOT_FOUND",
    "HOST_NOT_PUBLIC",
    "UNREACHABLE",
    "TLS",
    "TIMEOUT",
    "TOO_LONG",
    "STATUS",
    "NOT_JSON",
    "NOT_AN_OBJECT",
    "MEMBER",
    "NOT_LISTED",
    "NOT_A_PDF",
]

_OK: Final = 200
_PDF: Final = "application/pdf"
_PDF_TYPES: Final = frozenset({_PDF, "application/octet-stream", ""})
_MAGIC: Final = b"%PDF-"
_STATUS_HINTS: Final = {
    401: "it did not accept the key: check header_key_name and key",
    403: "it did not accept the key or the citizen: check header_key_name and key",
    404: "it does not know the path or the id: check base_url",
}
SUBJECT: Final = (10, 120)
MARKDOWN: Final = (80, 10_000)


@dataclass(frozen=True, slots=True)
class EndpointFault:
    """A rule that a host breaks. `pointer`: the JSON pointer in its answer, "" for the whole."""

    code: FaultCode
    detail: str
    pointer: str = ""


def status_faults(status: int, *, is_unsigned: bool) -> list[EndpointFault]:
    """Return the fault of a status that is not 200.

    `is_unsigned`: the host expects the citizen's signature, which a test does not have.
    """
    if status == _OK:
        return []
    hint = _STATUS_HINTS.get(status, "")
    if status // 100 == 3:  # noqa: PLR2004 - the class of redirects
        hint = "redirects are not followed: name the final address in base_url"
    if is_unsigned and status in {401, 403}:
        hint += ", and list the citizen in disable_lollipop_for, since a test is not signed"
    return [EndpointFault("STATUS", f"answered {status}, not 200{'; ' if hint else ''}{hint}")]


def precondition_faults(body: bytes) -> list[EndpointFault]:
    """Return the faults of a precondition: a JSON object with title and markdown."""
    members, faults = _object(body)
    if members is None:
        return faults
    return [
        fault for name in ("title", "markdown") for fault in _text(members, name, "", (1, 10_000))
    ]


def message_faults(body: bytes, attachment: str | None) -> list[EndpointFault]:
    """Return the faults of a message: a JSON object with details, attachments or both.

    `attachment`: the `url` of an attachment that must be listed, None for any.
    """
    members, faults = _object(body)
    if members is None:
        return faults
    details, attachments = members.get("details"), members.get("attachments")
    if details is None and attachments is None:
        rule = "must have details (subject and markdown), attachments, or both"
        return [EndpointFault("MEMBER", rule)]
    if details is not None:
        faults += _details(details)
    if attachments is not None:
        faults += _attachments(attachments)
    listed = attachments if isinstance(attachments, list) else []
    urls = [one.get("url") for one in listed if isinstance(one, dict)]
    if attachment is not None and attachment not in urls:
        rule = "must list the attachment of the test by its url"
        faults.append(EndpointFault("NOT_LISTED", rule, "/attachments"))
    return faults


def attachment_faults(media_type: str, beginning: bytes) -> list[EndpointFault]:
    """Return the faults of an attachment, of which the beginning is given: a PDF document."""
    faults = list[EndpointFault]()
    if media_type not in _PDF_TYPES:
        rule = f"must have the content type {_PDF} or application/octet-stream"
        faults.append(EndpointFault("NOT_A_PDF", rule))
    if not beginning.startswith(_MAGIC):
        faults.append(EndpointFault("NOT_A_PDF", "must be a PDF document, which begins with %PDF-"))
    return faults


def _object(body: bytes) -> tuple[dict[str, Any] | None, list[EndpointFault]]:
    try:
        members: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None, [EndpointFault("NOT_JSON", "must be JSON in UTF-8")]
    if not isinstance(members, dict):
        return None, [EndpointFault("NOT_AN_OBJECT", "must be a JSON object")]
    return members, []


def _text(
    members: dict[str, Any], name: str, place: str, limits: tuple[int, int]
) -> Iterator[EndpointFault]:
    least, most = limits
    text = members.get(name)
    if not isinstance(text, str):
        rule = "is required" if name not in members else "must be a string"
        yield EndpointFault("MEMBER", rule, f"{place}/{name}")
    elif not least <= utf16_length(text) <= most:
        rule = f"must have {least} to {most} UTF-16 code units, has {utf16_length(text)}"
        yield EndpointFault("MEMBER", rule, f"{place}/{name}")


def _details(details: Any) -> Iterator[EndpointFault]:
    if not isinstance(details, dict):
        yield EndpointFault("MEMBER", "must be an object", "/details")
        return
    yield from _text(details, "subject", "/details", SUBJECT)
    yield from _text(details, "markdown", "/details", MARKDOWN)


def _attachments(attachments: Any) -> Iterator[EndpointFault]:
    if not isinstance(attachments, list):
        yield EndpointFault("MEMBER", "must be a list", "/attachments")
        return
    for index, one in enumerate(attachments):
        place = f"/attachments/{index}"
        if not isinstance(one, dict):
            yield EndpointFault("MEMBER", "must be an object", place)
            continue
        for name in ("id", "url"):
            yield from _text(one, name, place, (1, 2048))
        if one.get("content_type", _PDF) != _PDF:
            yield EndpointFault("MEMBER", f"must be {_PDF}", f"{place}/content_type")
        if one.get("category", "DOCUMENT") != "DOCUMENT":
            yield EndpointFault("MEMBER", "must be DOCUMENT", f"{place}/category")
