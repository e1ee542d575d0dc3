"""The operator's side: the rights of a service that an operator alone grants."""

from typing import Annotated, Any

from functions.http.callers.operators_log import Records
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from lib.domain.services.errors import ServiceNotFoundError, SubscriptionNotFoundError
from lib.domain.services.rights import ServiceCategory, ServiceRights
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import ServiceId, ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import Flag, IOType

PATH = "/api/operations/v1/services/{service_id}/rights"


class ServiceRightsView(Model):
    """The rights of a service beyond those that its approval gives."""

    category: Annotated[
        ServiceCategory,
        says(
            "SPECIAL: the service itself activates the citizens to whom it writes "
            "(`/api/v1/activations`), whatever they chose for its inbox. STANDARD: the citizen's "
            "choice decides."
        ),
        IOType(("ServiceCategory",), "must be STANDARD or SPECIAL"),
    ]
    reads_subscriptions_feed: Annotated[
        Flag,
        says(
            "Whether the service's own keys may read `/api/v1/subscriptions-feed/{date}`. The feed "
            "names citizens by hashes from which a fiscal code can be guessed, so grant it to "
            "central institutions alone."
        ),
    ]


def _answer(rights: ServiceRights) -> Answer:
    feed = rights.reads_subscriptions_feed
    return Answer(200, ServiceRightsView(category=rights.category, reads_subscriptions_feed=feed))


def _named(call: Call[Operator, Any, None]) -> ServiceId:
    return ServiceId(call.path["service_id"])


async def _read(call: Call[Operator, None, None]) -> Answer:
    return _answer(await call.app.services.rights.read(_named(call)))


async def _put(call: Call[Operator, ServiceRightsView, None]) -> Answer:
    rights = ServiceRights(call.body.category, call.body.reads_subscriptions_feed)
    return _answer(await call.app.services.rights.put(_named(call), rights))


def _values(call: Any) -> dict[str, str]:
    feed = call.body.reads_subscriptions_feed
    return {"category": call.body.category, "reads_subscriptions_feed": str(feed).lower()}


_REFUSALS = (ServiceNotFoundError, SubscriptionNotFoundError)

read_service_rights = Endpoint(
    name="read_service_rights",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read the rights of a service that operators grant",
    description="The category of the service, and whether its keys may read the feed.",
    tag="operations",
    policy=OPERATORS,
    parameters={"service_id": ServiceIdField},
    handler=_read,
    answers={200: ServiceRightsView},
    refusals=_REFUSALS,
)

change_service_rights = Endpoint(
    name="change_service_rights",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set the rights of a service that operators grant",
    description=(
        "Replaces both. Keys follow within a minute. Messages that a service sent before it became "
        "SPECIAL are decided by the citizen's choice."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={"service_id": ServiceIdField},
    body=Body[ServiceRightsView](
        ServiceRightsView,
        name="ServiceRights",
        example={"category": "SPECIAL", "reads_subscriptions_feed": False},
    ),
    handler=_put,
    records=Records({"service_id": "service_id"}, values=_values),
    answers={200: ServiceRightsView},
    refusals=_REFUSALS,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_service_rights, change_service_rights)
