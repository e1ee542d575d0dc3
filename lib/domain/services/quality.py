"""The automatic checks of a service that is sent to review."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from lib.domain.services.managed_service import Publication
from lib.domain.services.service_data import BaseMetadata, ServiceData
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import EMAIL_PATTERN

LEAST_NAME: Final = 3
MOST_NAME: Final = 160
LEAST_DESCRIPTION: Final = 10
PLACEHOLDERS: Final = frozenset(
    (
        *("asdf", "description", "descrizione", "lorem ipsum", "name", "prova", "qwerty"),
        *("string", "tbd", "test", "text", "todo", "undefined", "xxx"),
    )
)
"""A name or a description that is nothing but one of these says nothing."""
_URLS: Final = ("privacy_url", "tos_url", "web_url", "support_url", "app_ios", "app_android")
_EMAILS: Final = ("email", "pec")
_CONTACTS: Final = ("email", "pec", "phone", "support_url")
_EMAIL: Final = re.compile(EMAIL_PATTERN[1:-1])
_EVERYWHERE: Final = ipaddress.IPv4Network("0.0.0.0/0")
_NO_CALLERS: Final = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/4"),
    )
)
"""Private networks and others from which no call arrives."""


def findings(data: ServiceData) -> tuple[str, ...]:
    """Return what keeps the service from being approved, one sentence for each fault."""
    return (*_texts(data), *_addresses(data.metadata), *_contacts(data.metadata), *_networks(data))


def duplicate_of(service_id: ServiceId) -> str:
    """Return the finding for a name that another service of the organisation has."""
    return f"The service {service_id} of your organisation has the same name."


def needs_operator(data: ServiceData, publication: Publication | None) -> bool:
    """Tell whether an operator must decide: the first time, and where the identity changes."""
    return publication is None or _identity(data) != _identity(publication.data)


def _identity(data: ServiceData) -> tuple[str, ...]:
    organization = data.organization
    return (
        data.name,
        data.description,
        organization.name,
        organization.fiscal_code,
        data.metadata.scope,
    )


def _texts(data: ServiceData) -> Iterator[str]:
    name, description = data.name.strip(), data.description.strip()
    if not LEAST_NAME <= len(name) <= MOST_NAME:
        yield f"The name must have {LEAST_NAME} to {MOST_NAME} characters."
    elif _says_nothing(name):
        yield "The name is a placeholder."
    if len(description) < LEAST_DESCRIPTION:
        yield f"The description must have at least {LEAST_DESCRIPTION} characters."
    elif _says_nothing(description) or description.casefold() == name.casefold():
        yield "The description is a placeholder, or repeats the name."


def _says_nothing(text: str) -> bool:
    words = re.findall(r"\w+", text.casefold())
    return not words or " ".join(words) in PLACEHOLDERS or len(set("".join(words))) == 1


def _addresses(metadata: BaseMetadata) -> Iterator[str]:
    if metadata.privacy_url is None:
        yield "metadata.privacy_url is needed: the address of the privacy notice."
    for field in _URLS:
        url = getattr(metadata, field)
        if url is not None and not _is_public(url):
            yield f"metadata.{field} must be the https or http address of a public web page."
    for field in _EMAILS:
        email = getattr(metadata, field)
        if email is not None and not _EMAIL.fullmatch(email):
            yield f"metadata.{field} must be an e-mail address."


def _is_public(url: str) -> bool:
    """Tell whether the address has the form of a page that everybody can open."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in {"https", "http"} or re.search(r"\s", url) or parts.username is not None:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        top = host.rpartition(".")[2]
        return "." in host and not top.isdigit() and top not in {"local", "internal", "localhost"}


def _contacts(metadata: BaseMetadata) -> Iterator[str]:
    if not any(getattr(metadata, field) for field in _CONTACTS):
        yield "One of metadata.email, pec, phone and support_url is needed: where citizens ask."


def _networks(data: ServiceData) -> Iterator[str]:
    for cidr in data.authorized_cidrs:
        network = ipaddress.IPv4Network(cidr, strict=False)
        if network != _EVERYWHERE and any(network.subnet_of(one) for one in _NO_CALLERS):
            yield f"authorized_cidrs: no call can come from {cidr}, which is no public network."
