"""The form of a managed service that senders and citizens see, and the rights of its keys."""

from typing import Final, NamedTuple

from lib.domain.services.managed_service import ManagedService
from lib.domain.services.service import Group
from lib.domain.services.service_data import Scope, ServiceData
from lib.domain.shared.identifiers import ServiceId

DELETED_PREFIX: Final = "DELETED "
NO_DEPARTMENT: Final = "-"
_TRIAL: Final = Group.LIMITED_MESSAGE_WRITE
_FULL: Final = Group.MESSAGE_WRITE
TRIAL_GROUPS: Final = frozenset((_TRIAL, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ))
"""The rights of a new service: it writes to its authorised recipients alone."""


class Registration(NamedTuple):
    """The entry of a service in the registry, as of this version of the service."""

    service_id: ServiceId
    version: int
    name: str
    data: ServiceData
    is_visible: bool


class PublicService(NamedTuple):
    """A published service. `version` grows with each change of the service."""

    id: ServiceId
    name: str
    version: int
    scope: Scope
    organization_name: str


def registration_of(service: ManagedService) -> Registration:
    """Return the entry: the approved form, or the draft of a service that was never approved."""
    publication = service.publication
    data = publication.data if publication else service.data
    is_public = publication is not None and publication.status == "published"
    return Registration(
        service.id,
        service.version,
        f"{DELETED_PREFIX}{data.name}" if service.is_deleted else data.name,
        data,
        is_public and not service.is_deleted,
    )


def groups_of(
    service: ManagedService, granted: frozenset[Group], *, is_organization_approved: bool
) -> frozenset[Group]:
    """Return the rights of the service's keys; rights that an operator granted besides stay.

    A service writes to every citizen once it and its organisation are approved.
    """
    is_full = service.publication is not None and is_organization_approved
    return (granted - {_TRIAL, _FULL}) | {_FULL if is_full else _TRIAL}


def name_key(name: str) -> str:
    """Return the form in which two names of one organisation are compared."""
    return " ".join(name.casefold().split())
