"""Map a stored managed service, and an entry of its history, to those of the domain."""

from typing import Any, Final

from lib.domain.services.managed_service import HistoryEntry, ManagedService, Publication
from lib.domain.services.service_data import ServiceData
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Document

CURRENT: Final = "current"
"""The id of the present state in the partition of a service."""


def service_of(document: Document) -> ManagedService:
    """Return the service in a document."""
    publication = document.get("publication")
    return ManagedService(
        id=document["service_id"],
        user_id=document["user_id"],
        organization_fiscal_code=document["organization_fiscal_code"],
        status=document["status"],
        data=ServiceData.model_validate(document["data"]),
        last_update=document["last_update"],
        version=document["version"],
        reason=document.get("reason"),
        auto_publish=document.get("auto_publish", False),
        comment=document.get("comment"),
        is_checked=document.get("is_checked", False),
        publication=publication
        and Publication(
            publication["status"],
            ServiceData.model_validate(publication["data"]),
            publication["last_update"],
        ),
    )


def service_document(service: ManagedService) -> Document:
    """Return the document of a service's present state."""
    publication = service.publication
    optional: dict[str, Any] = {
        "reason": service.reason,
        "comment": service.comment,
        "publication": publication
        and {
            "status": publication.status,
            "data": publication.data.stored,
            "last_update": publication.last_update,
        },
    }
    return {
        "id": CURRENT,
        "service_id": service.id,
        "user_id": service.user_id,
        "organization_fiscal_code": service.organization_fiscal_code,
        "status": service.status,
        "data": service.data.stored,
        "last_update": service.last_update,
        "version": service.version,
        "auto_publish": service.auto_publish,
        "is_checked": service.is_checked,
        **{name: value for name, value in optional.items() if value is not None},
    }


def entry_of(document: Document) -> HistoryEntry:
    """Return the entry in a document."""
    return HistoryEntry(
        version=document["version"],
        kind=document["kind"],
        status=document["status"],
        data=ServiceData.model_validate(document["data"]),
        last_update=document["last_update"],
        reason=document.get("reason"),
    )


def entry_document(service_id: ServiceId, entry: HistoryEntry) -> Document:
    """Return the document of an entry; its id follows from the version."""
    reason = {} if entry.reason is None else {"reason": entry.reason}
    return {
        "id": f"entry-{entry.version:010d}",
        "service_id": service_id,
        "version": entry.version,
        "kind": entry.kind,
        "status": entry.status,
        "data": entry.data.stored,
        "last_update": entry.last_update,
        **reason,
    }
