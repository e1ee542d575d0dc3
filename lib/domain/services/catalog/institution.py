"""An institution in the catalogue: an organisation with services that citizens may find."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from lib.domain.services.registration import PublicService
from lib.domain.services.rights import ServiceCategory
from lib.domain.services.service_data import BaseMetadata, Scope
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId

MOST_SERVICES: Final = 1000
"""The services of an institution that the catalogue has: one document has to hold them."""


@dataclass(frozen=True)
class ListedInstitution:
    """An institution as the list has it. `scopes`: those of its services."""

    fiscal_code: OrganizationFiscalCode
    name: str
    scopes: frozenset[Scope]

    @cached_property
    def folded(self) -> str:
        """The name in the form in which searches compare it."""
        return folded(self.name)


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution with its published services, in the order of their names."""

    fiscal_code: OrganizationFiscalCode
    name: str
    services: tuple[PublicService, ...]

    @property
    def scopes(self) -> frozenset[Scope]:
        """The scopes of the services."""
        return frozenset(one.scope for one in self.services)

    def service(self, service_id: ServiceId) -> PublicService | None:
        """Return the service of this id; None for another's, or one that is not published."""
        return next((one for one in self.services if one.id == service_id), None)


class ServiceDetails(NamedTuple):
    """The approved form of a service as citizens read it."""

    id: ServiceId
    name: str
    description: str
    organization_name: str
    organization_fiscal_code: OrganizationFiscalCode
    category: ServiceCategory
    metadata: BaseMetadata


class Featured(NamedTuple):
    """The institutions and services that an operator puts in front, in this order."""

    institutions: tuple[OrganizationFiscalCode, ...] = ()
    services: tuple[ServiceId, ...] = ()


def institution_of(
    fiscal_code: OrganizationFiscalCode, services: Iterable[PublicService]
) -> Institution | None:
    """Return the institution that has these services; None without a service.

    Its name is the one that its newest service gives: the id of a service has its time.
    """
    ordered = sorted(services, key=lambda one: (folded(one.name), one.id))[:MOST_SERVICES]
    if not ordered:
        return None
    newest = max(ordered, key=lambda one: one.id)
    return Institution(fiscal_code, newest.organization_name, tuple(ordered))


def search(
    institutions: Sequence[ListedInstitution], text: str, scope: Scope | None
) -> list[ListedInstitution]:
    """Return the institutions whose names have all words of the text, in some order of them.

    A word may be a part of a word of the name; accents and capitals make no difference. Names that
    begin with the text come first, otherwise the order is that of `institutions`.
    """
    wanted = folded(text)
    words = wanted.split()
    found = [
        one
        for one in institutions
        if (scope is None or scope in one.scopes) and all(word in one.folded for word in words)
    ]
    if words:
        found.sort(key=lambda one: not one.folded.startswith(wanted))
    return found


def folded(text: str) -> str:
    """Return the words of a text in lower case, without accents and punctuation."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(character)
    )
    return " ".join("".join(one if one.isalnum() else " " for one in plain.casefold()).split())
