"""Publish an approved service, read its public form, and hide it again."""

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from functions.http.pa.services.views import ServicePublication, publication_view
from lib.domain.services.errors import PublicationNotFoundError, ServiceNotApprovedError

PATH = f"{ONE}/release"


async def _publish(call: Call[Manager, None, None]) -> Answer:
    await call.app.services.manage.publish(call.caller, named(call))
    return Answer(204)


async def _read(call: Call[Manager, None, None]) -> Answer:
    id_ = named(call)
    return Answer(200, publication_view(id_, await call.app.services.read.public(call.caller, id_)))


async def _hide(call: Call[Manager, None, None]) -> Answer:
    await call.app.services.manage.unpublish(call.caller, named(call))
    return Answer(204)


publish_service = Endpoint(
    name="publish_service",
    method="POST",
    path=PATH,
    summary="Switch the publication of a service on",
    description="Citizens find the approved form. 409: the service was never approved.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_publish,
    answers={204: None},
    outage=problems.try_again,
    refusals=(*NOT_FOUND, ServiceNotApprovedError),
)

read_published_service = Endpoint(
    name="read_published_service",
    method="GET",
    path=PATH,
    summary="Read the approved form of a service",
    description="The form that senders and citizens see, published or not.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read,
    answers={200: ServicePublication},
    outage=problems.try_again,
    refusals=(*NOT_FOUND, PublicationNotFoundError),
)

unpublish_service = Endpoint(
    name="unpublish_service",
    method="DELETE",
    path=PATH,
    summary="Switch the publication of a service off",
    description="Citizens no longer find the service; its keys work as before.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_hide,
    answers={204: None},
    outage=problems.try_again,
    refusals=(*NOT_FOUND, PublicationNotFoundError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    publish_service,
    read_published_service,
    unpublish_service,
)
