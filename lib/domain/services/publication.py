"""The publication of an approved service: published or unpublished, any number of times."""

from dataclasses import replace

from lib.domain.services.errors import PublicationNotFoundError, ServiceNotApprovedError
from lib.domain.services.managed_service import (
    Change,
    HistoryEntry,
    ManagedService,
    Publication,
    PublicationStatus,
)


def of(service: ManagedService) -> Publication:
    """Return the publication of the service; raise PublicationNotFoundError."""
    if service.publication is None:
        raise PublicationNotFoundError(service.id)
    return service.publication


def released(service: ManagedService, now: str) -> Change:
    """Return the service with its data as the approved form.

    It is published if it was asked for, and stays so if an earlier form is public.
    """
    before = service.publication
    is_public = service.auto_publish or (before is not None and before.status == "published")
    return _with(
        service, Publication("published" if is_public else "unpublished", service.data, now)
    )


def published(service: ManagedService, now: str) -> Change:
    """Return the service as public; nothing changes if it is. Raise ServiceNotApprovedError."""
    return _turned(service, "published", now)


def unpublished(service: ManagedService, now: str) -> Change:
    """Return the service as hidden; nothing changes if it is. Raise ServiceNotApprovedError."""
    return _turned(service, "unpublished", now)


def _turned(service: ManagedService, status: PublicationStatus, now: str) -> Change:
    if service.publication is None:
        raise ServiceNotApprovedError(service.id)
    if service.publication.status == status:
        return Change(service)
    return _with(service, replace(service.publication, status=status, last_update=now))


def _with(service: ManagedService, publication: Publication) -> Change:
    after = replace(service, version=service.version + 1, publication=publication)
    entry = HistoryEntry(
        after.version,
        "publication",
        publication.status,
        publication.data,
        publication.last_update,
    )
    return Change(after, (entry,))
