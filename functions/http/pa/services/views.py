"""Managed services in answers to their organisation, by IO's names."""

from typing import Annotated, Any, Final

from pydantic import Field

from lib.domain.services.managed_service import (
    HistoryEntry,
    HistoryKind,
    LifecycleStatus,
    ManagedService,
    Publication,
    PublicationStatus,
)
from lib.domain.services.service_data import (
    METADATA,
    BaseMetadata,
    GroupId,
    ServiceBase,
    ServiceData,
)
from lib.domain.services.topics import TOPIC_IDS
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.model import Model
from lib.rendering.texts.topics import TOPIC_NAMES

LAST_UPDATE = says("When the service was last changed: date and time in UTC.")
SERVICE_ID = says("The id of the service, and of its subscription.")
REASON = says("Why the service was rejected. Absent: it was not.")


class ServiceTopic(Model):
    """A topic of services."""

    id: Annotated[int, says("The id of the topic.")]
    name: Annotated[str, says("The name of the topic, in Italian.")]


TOPICS: Final = tuple(
    ServiceTopic(id=id_, name=name) for id_, name in zip(TOPIC_IDS, TOPIC_NAMES, strict=True)
)


class ShownMetadata(BaseMetadata):
    """The metadata of a service, with its topic by name."""

    topic: Annotated[ServiceTopic | None, says("The topic of the service.")] = None
    group_id: GroupId = None


class ServiceStatus(Model):
    """The place of a service in its lifecycle."""

    value: Annotated[LifecycleStatus, says("The state; `deleted` is for ever.")]
    reason: Annotated[str | None, REASON] = None


class ServiceLifecycle(ServiceBase):
    """A service as its organisation last described it."""

    id: Annotated[str, SERVICE_ID]
    status: Annotated[ServiceStatus, says("The place of the service in its lifecycle.")]
    last_update: Annotated[str, Field(json_schema_extra={"format": "date-time"}), LAST_UPDATE]
    metadata: Annotated[ShownMetadata, METADATA]


class ServicePublication(ServiceBase):
    """The approved form of a service."""

    id: Annotated[str, SERVICE_ID]
    status: Annotated[
        PublicationStatus, says("Whether citizens find the service: published or unpublished.")
    ]
    last_update: Annotated[str, Field(json_schema_extra={"format": "date-time"}), LAST_UPDATE]
    metadata: Annotated[ShownMetadata, METADATA]


class HistoryStatus(Model):
    """The state that a change led to."""

    kind: Annotated[
        HistoryKind, says("Whether the state is one of the lifecycle or of the publication.")
    ]
    value: Annotated[LifecycleStatus | PublicationStatus, says("The state that the change led to.")]
    reason: Annotated[str | None, REASON] = None


class ServiceHistoryItem(ServiceBase):
    """A service as it was after one change."""

    id: Annotated[str, SERVICE_ID]
    status: Annotated[HistoryStatus, says("The state that the change led to.")]
    last_update: Annotated[str, Field(json_schema_extra={"format": "date-time"}), LAST_UPDATE]
    metadata: Annotated[ShownMetadata, METADATA]


class Pagination(Model):
    """The place of a page in the list."""

    offset: Annotated[int, says("How many services were skipped before the page.")]
    limit: Annotated[int, says("How many services the page may have at most.")]
    count: Annotated[int, says("How many services the page has.")]


class ServiceList(Model):
    """A page of the services of a manage key."""

    value: Annotated[list[ServiceLifecycle], says("The services, the oldest first.")]
    pagination: Annotated[Pagination, says("The place of the page in the list.")]


class ServiceHistory(Model):
    """A page of the history of a service."""

    items: Annotated[list[ServiceHistoryItem], says("The changes, in the order asked for.")]
    continuation_token: Annotated[
        str | None,
        Field(serialization_alias="continuationToken"),
        says("Where the next page begins; pass it in the next call. Absent: no more."),
    ] = None


def _members(data: ServiceData) -> dict[str, Any]:
    """Return the members that the data and its views share."""
    topic = next((one for one in TOPICS if one.id == data.metadata.topic_id), None)
    metadata = ShownMetadata.model_construct(
        **{name: getattr(data.metadata, name) for name in BaseMetadata.model_fields},
        topic=topic,
        group_id=data.metadata.group_id,
    )
    shared = {name: getattr(data, name) for name in ServiceBase.model_fields}
    return {**shared, "metadata": metadata}


def lifecycle_view(service: ManagedService) -> ServiceLifecycle:
    """Return the view of a service."""
    return ServiceLifecycle.model_construct(
        id=service.id,
        status=ServiceStatus(value=service.status, reason=service.reason),
        last_update=service.last_update,
        **_members(service.data),
    )


def publication_view(service_id: ServiceId, publication: Publication) -> ServicePublication:
    """Return the view of a service's approved form."""
    return ServicePublication.model_construct(
        id=service_id,
        status=publication.status,
        last_update=publication.last_update,
        **_members(publication.data),
    )


def entry_view(service_id: ServiceId, entry: HistoryEntry) -> ServiceHistoryItem:
    """Return the view of an entry of a history."""
    return ServiceHistoryItem.model_construct(
        id=service_id,
        status=HistoryStatus(kind=entry.kind, value=entry.status, reason=entry.reason),
        last_update=entry.last_update,
        **_members(entry.data),
    )
