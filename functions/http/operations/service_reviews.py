"""The operator's side: decide on the services that administrations sent to review."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from functions.http.callers.operators_log import Records
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from functions.http.pa.services.managing import NOT_FOUND, PARAMETERS, named
from functions.http.pa.services.views import ServiceLifecycle, lifecycle_view
from functions.http.parameters.values import Continuation
from lib.domain.services.errors import ServiceTransitionError, ServiceVersionError
from lib.domain.services.managed_service import ManagedService
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import CURSOR, says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, NonEmpty

INDEX = "/api/operations/v1/service-reviews"
ONE = f"{INDEX}/{{service_id}}"
VERSION = says(
    "The version of the service, which grows with each of its changes. A decision that names it "
    "is refused where the service has changed since."
)
CONFLICTS = (*NOT_FOUND, ServiceTransitionError, ServiceVersionError)


class ReviewsQuery(Model):
    """The page of the list."""

    limit: Annotated[int, Field(ge=1, le=100), says("How many services are listed at most.")] = 20
    continuation: Continuation = None


class ServiceReview(Model):
    """A service that waits for a decision."""

    version: Annotated[int, VERSION]
    comment: Annotated[
        str | None, says("What its organisation tells the reviewer. Absent: nothing.")
    ] = None
    service: Annotated[ServiceLifecycle, says("The service as it was sent to review.")]


class ServiceReviewList(Model):
    """The services that passed the automatic checks and wait, the oldest first."""

    items: Annotated[list[ServiceReview], says("The services, the oldest first.")]
    next: Annotated[str | None, CURSOR] = None


Version = Annotated[Annotated[int, Field(strict=True, ge=1)] | None, NOT_NULL, VERSION]


class Approval(Model):
    """An approval."""

    version: Version = None


class Rejection(Model):
    """A rejection, with a reason that the organisation reads."""

    reason: Annotated[
        Annotated[NonEmpty, StringConstraints(max_length=4096)],
        says("Why the service is rejected, in words for its organisation."),
    ]
    version: Version = None


def _view(service: ManagedService) -> ServiceReview:
    return ServiceReview.model_construct(
        version=service.version, comment=service.comment, service=lifecycle_view(service)
    )


async def _list(call: Call[Operator, None, ReviewsQuery]) -> Answer:
    found, following = await call.app.services.review.waiting(
        call.query.limit, call.query.continuation
    )
    return Answer(200, ServiceReviewList(items=list(map(_view, found)), next=following))


async def _approve(call: Call[Operator, Approval, None]) -> Answer:
    service = await call.app.services.review.approve(named(call), call.body.version)
    return Answer(200, lifecycle_view(service))


async def _reject(call: Call[Operator, Rejection, None]) -> Answer:
    service = await call.app.services.review.reject(
        named(call), call.body.reason, call.body.version
    )
    return Answer(200, lifecycle_view(service))


def _version(call: Any) -> dict[str, str]:
    version = call.body.version
    return {} if version is None else {"version": str(version)}


_RECORDS = Records({"service_id": "service_id"}, values=_version)

list_service_reviews = Endpoint(
    name="list_service_reviews",
    is_ours=True,
    method="GET",
    path=INDEX,
    summary="List the services that wait for a decision",
    description="Those that passed the automatic checks, the oldest services first.",
    tag="operations",
    policy=OPERATORS,
    query=ReviewsQuery,
    handler=_list,
    answers={200: ServiceReviewList},
)

approve_service = Endpoint(
    name="approve_service",
    is_ours=True,
    method="POST",
    path=f"{ONE}/approval",
    summary="Approve a service that waits for a decision",
    description=(
        "Senders and citizens see its new form. It writes to every citizen from then on, if its "
        "organisation is approved as well, and it is published if that was asked for."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters=PARAMETERS,
    body=Body[Approval](Approval, name="Approval", example={"version": 2}, is_optional=True),
    handler=_approve,
    records=_RECORDS,
    answers={200: ServiceLifecycle},
    refusals=CONFLICTS,
)

reject_service = Endpoint(
    name="reject_service",
    is_ours=True,
    method="POST",
    path=f"{ONE}/rejection",
    summary="Reject a service that waits for a decision",
    description="Its organisation reads the reason, and must edit the service before it asks anew.",
    tag="operations",
    policy=OPERATORS,
    parameters=PARAMETERS,
    body=Body[Rejection](
        Rejection,
        name="Rejection",
        example={"reason": "The privacy notice is of another service.", "version": 2},
    ),
    handler=_reject,
    records=_RECORDS,
    answers={200: ServiceLifecycle},
    refusals=CONFLICTS,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_service_reviews, approve_service, reject_service)
