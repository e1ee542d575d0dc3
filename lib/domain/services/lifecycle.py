"""The lifecycle of a service: draft, submitted, approved or rejected, and deleted for ever.

An edit makes it a draft again. Senders and citizens keep the approved form until the next approval.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from lib.domain.services.errors import ServiceTransitionError
from lib.domain.services.managed_service import (
    Change,
    LifecycleStatus,
    ManagedService,
    lifecycle_entry,
    moved,
)
from lib.domain.services.publication import released
from lib.domain.services.service_data import ServiceData

type Action = Literal["edit", "submit", "comment", "approve", "reject", "delete"]

ALLOWED: Final[Mapping[Action, frozenset[LifecycleStatus]]] = {
    "edit": frozenset(("draft", "approved", "rejected")),
    "submit": frozenset(("draft",)),
    "comment": frozenset(("submitted",)),
    "approve": frozenset(("submitted",)),
    "reject": frozenset(("submitted",)),
    "delete": frozenset(("draft", "submitted", "approved", "rejected", "deleted")),
}
"""The states from which each action is allowed."""


def created(service: ManagedService) -> Change:
    """Return a new service, a draft, with the first entry of its history."""
    return Change(service, (lifecycle_entry(service),))


def edited(service: ManagedService, data: ServiceData, now: str) -> Change:
    """Return the service as a draft with other data; the same draft again changes nothing.

    Its group of staff stays. Raise ServiceTransitionError.
    """
    _check(service, "edit")
    data = data.in_group(service.data.metadata.group_id)
    if service.status == "draft" and data == service.data:
        return Change(service)
    return moved(service, "draft", now, data=data, auto_publish=False)


def submitted(service: ManagedService, now: str, *, auto_publish: bool) -> Change:
    """Return the draft sent to review; raise ServiceTransitionError."""
    _check(service, "submit")
    return moved(service, "submitted", now, auto_publish=auto_publish)


def commented(service: ManagedService, comment: str | None) -> Change:
    """Return the service with a word to its reviewer; raise ServiceTransitionError."""
    _check(service, "comment")
    return Change(replace(service, comment=comment))


def checked(service: ManagedService) -> Change:
    """Return the service that passed the automatic checks; raise ServiceTransitionError."""
    _check(service, "approve")
    return Change(replace(service, is_checked=True))


def approved(service: ManagedService, now: str) -> Change:
    """Return the service with its data as the approved form; raise ServiceTransitionError."""
    _check(service, "approve")
    approval = moved(service, "approved", now)
    release = released(approval.service, now)
    return Change(release.service, (*approval.entries, *release.entries))


def rejected(service: ManagedService, reason: str, now: str) -> Change:
    """Return the service, which its organisation must edit; raise ServiceTransitionError."""
    _check(service, "reject")
    return moved(service, "rejected", now, reason=reason, auto_publish=False)


def deleted(service: ManagedService, now: str) -> Change:
    """Return the service as deleted; a second deletion changes nothing."""
    _check(service, "delete")
    if service.is_deleted:
        return Change(service)
    return moved(service, "deleted", now, auto_publish=False)


def in_group(service: ManagedService, group_id: str | None) -> Change:
    """Return the service in another group of staff, or in none, whatever its state."""
    return Change(replace(service, data=service.data.in_group(group_id)))


def _check(service: ManagedService, action: Action) -> None:
    if service.status not in ALLOWED[action]:
        raise ServiceTransitionError(action, service.status)
