"""Create, list, read, change and delete the services of an organisation."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.messages import IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_RULES
from functions.http.pa.services.managing import (
    BASE,
    MANAGERS,
    NOT_FOUND,
    ONE,
    PARAMETERS,
    Manager,
    named,
)
from functions.http.pa.services.views import (
    Pagination,
    ServiceLifecycle,
    ServiceList,
    lifecycle_view,
)
from lib.domain.messages.errors import IdempotencyKeyReusedError
from lib.domain.services.errors import (
    ForeignOrganizationError,
    ServiceEditedError,
    ServiceTransitionError,
    TopicNotFoundError,
)
from lib.domain.services.managed_service import ManagedService
from lib.domain.services.service_data import GroupId, ServiceData
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

EXAMPLE = {
    "name": "Tassa sui rifiuti",
    "description": "Avvisi e scadenze della tassa sui rifiuti.",
    "organization": {"name": "Comune di Esempio", "fiscal_code": "01234567890"},
    "metadata": {
        "scope": "LOCAL",
        "topic_id": 11,
        "privacy_url": "https://www.comune.example.org/privacy",
        "email": "tributi@comune.example.org",
    },
}
_PAYLOAD = (
    "`organization.fiscal_code` must be the organisation that your key acts for. The sandbox "
    "recipient AAAAAA00A00A000A is added to `authorized_recipients`."
)


class ServicesQuery(Model):
    """The page of the list."""

    limit: Annotated[
        int, Field(ge=1, le=100), says("How many services are listed at most; 20 by default.")
    ] = 20
    offset: Annotated[
        int,
        Field(ge=0, le=100_000),
        says("How many services to skip before the page; 0 by default."),
    ] = 0


class PatchedMetadata(Model):
    """The metadata that can be set by itself."""

    group_id: GroupId = None


class PatchServicePayload(Model):
    """The change of a service's metadata alone."""

    metadata: Annotated[PatchedMetadata, says("The metadata to set.")]


NewServiceKey = Annotated[
    str,
    says(
        "A key of your choice for this service. The same request with the same key makes one "
        "service, for 24 hours. Absent: each request makes a new service."
    ),
    *IDEMPOTENCY_KEY_RULES,
]
IF_MATCH = "if-match"
ANY = "*"
ServiceTag = Annotated[
    str,
    says(
        "The ETag of the service that you read last: if the service has changed since, the answer "
        "is 412. Absent or `*`: the service is changed in any case."
    ),
    StringConstraints(pattern=r'^(\*|"[!#-~]{1,64}")$'),
    IOType(("entity tag in quotes, or *",), "must be the ETag as it was read, in quotes, or *"),
]


def _answer(service: ManagedService, status: int = 200) -> Answer:
    return Answer(status, lifecycle_view(service), {"ETag": f'"{service.version}"'})


async def _create(call: Call[Manager, ServiceData, None]) -> Answer:
    service, is_replayed = await call.app.services.create(
        call.caller, call.body, call.headers.get(IDEMPOTENCY_KEY)
    )
    answer = _answer(service, 201)
    if not is_replayed:
        return answer
    return replace(answer, headers={**answer.headers, "Idempotent-Replay": "true"})


async def _list(call: Call[Manager, None, ServicesQuery]) -> Answer:
    query = call.query
    found = await call.app.services.read.list(call.caller, query.offset, query.limit)
    pagination = Pagination(offset=query.offset, limit=query.limit, count=len(found))
    return Answer(200, ServiceList(value=list(map(lifecycle_view, found)), pagination=pagination))


async def _read(call: Call[Manager, None, None]) -> Answer:
    return _answer(await call.app.services.read(call.caller, named(call)))


async def _change(call: Call[Manager, ServiceData, None]) -> Answer:
    tag = call.headers.get(IF_MATCH, ANY)
    expected = None if tag == ANY else tag.strip('"')
    edited = await call.app.services.manage.edit(call.caller, named(call), call.body, expected)
    return _answer(edited)


async def _patch(call: Call[Manager, PatchServicePayload, None]) -> Answer:
    group_id = call.body.metadata.group_id
    await call.app.services.manage.put_into_group(call.caller, named(call), group_id)
    return Answer(204)


async def _delete(call: Call[Manager, None, None]) -> Answer:
    await call.app.services.manage.delete(call.caller, named(call))
    return Answer(204)


create_service = Endpoint(
    name="create_service",
    method="POST",
    path=BASE,
    summary="Create a service of your organisation",
    description=(
        "The service is a draft. Its keys may be used at once, to write to "
        "`authorized_recipients` alone until service and organisation are approved. A repeated "
        "request with the same `Idempotency-Key` answers the service as it is now, with "
        f"`Idempotent-Replay: true`. {_PAYLOAD}"
    ),
    tag="sender",
    policy=MANAGERS,
    headers={IDEMPOTENCY_KEY: NewServiceKey},
    body=Body[ServiceData](ServiceData, name="ServicePayload", example=EXAMPLE),
    handler=_create,
    answers={201: ServiceLifecycle},
    outage=problems.try_again,
    refusals=(ForeignOrganizationError, TopicNotFoundError, IdempotencyKeyReusedError),
)

list_services = Endpoint(
    name="list_services",
    method="GET",
    path=BASE,
    summary="List the services of your organisation",
    description="The services that your account created, the oldest first; deleted ones as well.",
    tag="sender",
    policy=MANAGERS,
    query=ServicesQuery,
    handler=_list,
    answers={200: ServiceList},
    outage=problems.try_again,
)

read_service = Endpoint(
    name="read_service",
    method="GET",
    path=ONE,
    summary="Read a service of your organisation",
    description="The service as you last described it, which may not be approved yet.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read,
    answers={200: ServiceLifecycle},
    outage=problems.try_again,
    refusals=NOT_FOUND,
)

change_service = Endpoint(
    name="change_service",
    method="PUT",
    path=ONE,
    summary="Change a service of your organisation",
    description=(
        "Send the ETag of the service as If-Match. "
        "The body replaces the service, which becomes a draft. Once a service was approved, "
        f"senders and citizens see the approved form until the next approval. {_PAYLOAD}"
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    headers={IF_MATCH: ServiceTag},
    body=Body[ServiceData](ServiceData, name="ServicePayload", example=EXAMPLE),
    handler=_change,
    answers={200: ServiceLifecycle},
    outage=problems.try_again,
    refusals=(
        *NOT_FOUND,
        ForeignOrganizationError,
        TopicNotFoundError,
        ServiceTransitionError,
        ServiceEditedError,
    ),
)

patch_service = Endpoint(
    name="patch_service",
    method="PATCH",
    path=ONE,
    summary="Set the staff group of a service",
    description="Without `group_id` the service belongs to no group. Its state stays.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=Body[PatchServicePayload](
        PatchServicePayload,
        name="PatchServicePayload",
        example={"metadata": {"group_id": "tributi"}},
    ),
    handler=_patch,
    answers={204: None},
    outage=problems.try_again,
    refusals=NOT_FOUND,
)

delete_service = Endpoint(
    name="delete_service",
    method="DELETE",
    path=ONE,
    summary="Delete a service of your organisation",
    description=(
        "For ever, whatever its state; a second deletion changes nothing. Its keys stop working "
        "within a minute."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_delete,
    answers={204: None},
    outage=problems.try_again,
    refusals=NOT_FOUND,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    create_service,
    list_services,
    read_service,
    change_service,
    patch_service,
    delete_service,
)
