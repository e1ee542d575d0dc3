"""The faults of a sender's host: rules of IO's contract that its answers break.

A test of a configuration lists the faults; an answer with a fault is not shown to the citizen. No
fault repeats a value of an answer, since the answers are about a citizen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from lib.domain.remote_content.addresses import is_below
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
PDF_BEGINS: Final = b"%PDF-"
_CATEGORY: Final = re.compile("[A-Z0-9_]{2,30}")
DOCUMENT: Final = "DOCUMENT"
"""The category of an attachment that names none."""
DETAILS: Final = "/details"
ATTACHMENTS: Final = "/attachments"
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


@dataclass(frozen=True, slots=True)
class RemotePrecondition:
    """The notice that the citizen confirms before a message opens. The repr has no text of it."""

    title: str = field(repr=False)
    markdown: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoteMessage:
    """A host's answer about a message, without faults of its form; None for an absent part."""

    details: dict[str, Any] | None = field(default=None, repr=False)
    attachments: list[dict[str, Any]] | None = field(default=None, repr=False)

    @property
    def urls(self) -> list[str]:
        """The addresses of the attachments, below that of the message."""
        return [one["url"] for one in self.attachments or ()]


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
    return read_precondition(body)[1]


def read_precondition(body: bytes) -> tuple[RemotePrecondition, list[EndpointFault]]:
    """Return a precondition, and its faults; with a fault, the precondition says nothing."""
    members, faults = _object(body)
    if faults:
        return RemotePrecondition("", ""), faults
    for name in ("title", "markdown"):
        faults += _text(members, name, "", (1, 10_000))
    shown = {} if faults else members
    return RemotePrecondition(shown.get("title", ""), shown.get("markdown", "")), faults


def message_faults(body: bytes, attachment: str | None) -> list[EndpointFault]:
    """Return the faults of a message, of which nothing is announced.

    It has details, attachments or both. `attachment`: the `url` of an attachment that must be
    listed, None for any.
    """
    message, faults = read_message(body)
    if faults:
        return faults
    if message.details is None and message.attachments is None:
        rule = "must have details (subject and markdown), attachments, or both"
        return [EndpointFault("MEMBER", rule)]
    faults = announced_faults(
        message, has_attachments=False, has_remote_content=message.details is not None
    )
    if attachment is not None and attachment not in message.urls:
        rule = "must list the attachment of the test by its url"
        faults.append(EndpointFault("NOT_LISTED", rule, "/attachments"))
    return faults


def read_message(body: bytes) -> tuple[RemoteMessage, list[EndpointFault]]:
    """Return a message, and the faults of its form; with a fault, the message says nothing."""
    members, faults = _object(body)
    if faults:
        return RemoteMessage(), faults
    details, attachments = members.get("details"), members.get("attachments")
    if details is not None and not isinstance(details, dict):
        faults.append(EndpointFault("MEMBER", "must be an object", "/details"))
    if attachments is not None:
        faults += _attachments(attachments)
    return (RemoteMessage() if faults else RemoteMessage(details, attachments)), faults


def announced_faults(
    message: RemoteMessage, *, has_attachments: bool, has_remote_content: bool
) -> list[EndpointFault]:
    """Return the faults of a message that lacks what was announced, in IO's order."""
    faults = list[EndpointFault]()
    if has_attachments and not message.attachments:
        rule = "must list the attachments that has_attachments announces"
        faults.append(EndpointFault("MEMBER", rule, ATTACHMENTS))
    if not has_remote_content:
        return faults
    if not message.details:
        rule = "must have the subject and the markdown that has_remote_content announces"
        return [*faults, EndpointFault("MEMBER", rule, DETAILS)]
    faults += _text(message.details, "markdown", DETAILS, MARKDOWN)
    faults += _text(message.details, "subject", DETAILS, SUBJECT)
    return faults


def attachment_faults(media_type: str, beginning: bytes) -> list[EndpointFault]:
    """Return the faults of an attachment, of which the beginning is given: a PDF document."""
    faults = list[EndpointFault]()
    if media_type not in _PDF_TYPES:
        rule = f"must have the content type {_PDF} or application/octet-stream"
        faults.append(EndpointFault("NOT_A_PDF", rule))
    if not beginning.startswith(PDF_BEGINS):
        faults.append(EndpointFault("NOT_A_PDF", "must be a PDF document, which begins with %PDF-"))
    return faults


def _object(body: bytes) -> tuple[dict[str, Any], list[EndpointFault]]:
    try:
        members: Any = orjson.loads(body)
        # JSON that is nested too deep can be read, and not be written into an answer
        orjson.dumps([[[members]]])
    except (ValueError, TypeError):
        return {}, [EndpointFault("NOT_JSON", "must be JSON in UTF-8")]
    if not isinstance(members, dict):
        return {}, [EndpointFault("NOT_AN_OBJECT", "must be a JSON object")]
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


def _attachments(attachments: Any) -> Iterator[EndpointFault]:
    if not isinstance(attachments, list):
        yield EndpointFault("MEMBER", "must be a list", ATTACHMENTS)
        return
    for index, one in enumerate(attachments):
        place = f"{ATTACHMENTS}/{index}"
        if not isinstance(one, dict):
            yield EndpointFault("MEMBER", "must be an object", place)
            continue
        for name in ("id", "url", *(name for name in ("name", "content_type") if name in one)):
            yield from _text(one, name, place, (1, 2048))
        url, category = one.get("url"), one.get("category", DOCUMENT)
        if isinstance(url, str) and not is_below(url):
            rule = "must be a path below the message, without the segments . and .."
            yield EndpointFault("MEMBER", rule, f"{place}/url")
        if not (isinstance(category, str) and _CATEGORY.fullmatch(category)):
            rule = "must have 2 to 30 capital letters, digits and underscores"
            yield EndpointFault("MEMBER", rule, f"{place}/category")
