"""The parts of an OpenAPI document that say which API it is, and whom to ask about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.http.openapi.audiences import Audience
from lib import __version__

_NAMES: Final[Mapping[Audience | None, tuple[str, str]]] = {
    None: ("Recapito", "Citizen messaging for public administrations."),
    Audience.SENDERS: (
        "Recapito for administrations",
        "Send messages and payment notices to citizens, and follow them.",
    ),
    Audience.CITIZENS: (
        "Recapito for citizens",
        "Read the inbox, and choose services, reminders and notifications.",
    ),
    Audience.OPERATIONS: (
        "Recapito for operators",
        "Watch and repair an installation.",
    ),
}
"""The title and the summary of each document."""

_DESCRIPTION: Final = (
    "The operations on messages, profiles, preferences, devices and payment info are "
    "wire-compatible with IO's. A later version may add members to answers: a client must ignore "
    "members that it does not know."
)


@dataclass(frozen=True, slots=True)
class Installation:
    """The address and the contact of an installation in its OpenAPI documents.

    `url`: the base address; the default is a variable that the reader fills in. `contact_url`,
    `contact_email` and `terms_url` are empty if the installation does not set them.
    """

    url: str = ""
    contact_url: str = ""
    contact_email: str = ""
    terms_url: str = ""
    is_sandbox: bool = False


EXAMPLE: Final = Installation(
    contact_url="https://recapito.example/contacts",
    contact_email="api@recapito.example",
    terms_url="https://recapito.example/terms",
)
"""The installation of the documents in infra/openapi, which belong to no real one."""


def info(audience: Audience | None, installation: Installation) -> dict[str, Any]:
    """Return the part `info` of a document."""
    title, summary = _NAMES[audience]
    contact = {
        "name": "The administration that runs this installation",
        "url": installation.contact_url,
        "email": installation.contact_email,
    }
    part: dict[str, Any] = {
        "title": title,
        "version": __version__,
        "summary": summary,
        "description": _DESCRIPTION,
        "contact": {name: value for name, value in contact.items() if value},
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        "x-summary": summary,
        "x-api-id": f"recapito-{audience}" if audience else "recapito",
    }
    if installation.terms_url:
        part["termsOfService"] = installation.terms_url
    return part


def servers(installation: Installation) -> list[dict[str, Any]]:
    """Return the part `servers` of a document."""
    if not installation.url:
        host = {"default": "recapito.example", "description": "The host of the installation."}
        return [
            {
                "url": "https://{host}",
                "description": "An installation of Recapito",
                "variables": {"host": host},
            }
        ]
    if installation.is_sandbox:
        sandbox = "The sandbox, with made-up citizens and services"
        return [{"url": installation.url, "description": sandbox, "x-sandbox": True}]
    return [{"url": installation.url, "description": "This installation"}]
