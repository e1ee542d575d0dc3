"""A service as its organisation manages it: its draft, its review, and what of it is public."""

from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from lib.domain.services.service_data import ServiceData
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId

type LifecycleStatus = Literal["draft", "submitted", "approved", "rejected", "deleted"]
type PublicationStatus = Literal["published", "unpublished"]
type HistoryKind = Literal["lifecycle", "publication"]


@dataclass(frozen=True, slots=True)
class Publication:
    """The approved form of a service, and whether citizens find it. `last_update` is in UTC."""

    status: PublicationStatus
    data: ServiceData
    last_update: str


@dataclass(frozen=True, slots=True)
class ManagedService:
    """A service and where it stands; times in UTC.

    `user_id` and `organization_fiscal_code`: the account and the organisation that own it.
    `version`: the number of its entries in the history. `reason`: why it was rejected.
    `auto_publish`: whether its approval publishes it. `comment`: what the organisation tells the
    reviewer. `is_checked`: whether it passed the automatic checks and waits for an operator.
    `publication`: None until its first approval.
    """

    id: ServiceId
    user_id: str
    organization_fiscal_code: OrganizationFiscalCode
    status: LifecycleStatus
    data: ServiceData
    last_update: str
    version: int = 1
    reason: str | None = None
    auto_publish: bool = False
    comment: str | None = None
    is_checked: bool = False
    publication: Publication | None = None

    @property
    def is_deleted(self) -> bool:
        """Tell whether it was deleted, which is for ever."""
        return self.status == "deleted"

    def belongs_to(self, manager: Manager) -> bool:
        """Tell whether the manager's account and organisation own the service."""
        return (self.user_id, self.organization_fiscal_code) == (
            manager.user_id,
            manager.organization_fiscal_code,
        )


class HistoryEntry(NamedTuple):
    """A service as it was after one change. `version` counts from 1; `last_update` is in UTC."""

    version: int
    kind: HistoryKind
    status: LifecycleStatus | PublicationStatus
    data: ServiceData
    last_update: str
    reason: str | None = None


class Change(NamedTuple):
    """A service after a change, and the entries that the change adds to its history."""

    service: ManagedService
    entries: tuple[HistoryEntry, ...] = ()


def moved(service: ManagedService, status: LifecycleStatus, now: str, **changes: Any) -> Change:
    """Return the service in another state of its lifecycle; `now` is in UTC."""
    after = replace(
        service,
        **{
            "status": status,
            "last_update": now,
            "version": service.version + 1,
            "reason": None,
            "comment": None,
            "is_checked": False,
            **changes,
        },
    )
    return Change(after, (lifecycle_entry(after),))


def lifecycle_entry(service: ManagedService) -> HistoryEntry:
    """Return the entry that tells of the service's present state."""
    return HistoryEntry(
        service.version,
        "lifecycle",
        service.status,
        service.data,
        service.last_update,
        service.reason,
    )
