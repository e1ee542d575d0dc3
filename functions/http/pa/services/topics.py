"""List the topics by which services are filed."""

from typing import Annotated, Any

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import AnyKey
from functions.http.pa.services.managing import BASE
from functions.http.pa.services.views import TOPICS, ServiceTopic
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class ServiceTopicList(Model):
    """All topics."""

    topics: Annotated[list[ServiceTopic], says("The topics, by their ids.")]


async def _list(_call: Call[Any, None, None]) -> Answer:
    topics = ServiceTopicList(topics=list(TOPICS))
    return Answer(200, topics, {"Cache-Control": "private, max-age=3600"})


# Azure tries routes in the order of the functions' names: this one comes before read_service
list_service_topics = Endpoint(
    name="list_service_topics",
    method="GET",
    path=f"{BASE}/topics",
    summary="List the topics of services",
    description="The key of a service will do as well as a manage key.",
    tag="sender",
    policy=AnyKey(),
    handler=_list,
    answers={200: ServiceTopicList},
    outage=problems.try_again,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_service_topics,)
