"""The endpoint of the subscriptions feed, in IO's shape."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Senders
from lib.domain.profiles.errors import FeedNotAvailableError
from lib.domain.profiles.subscriptions import CitizenHash
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

MOST_CITIZENS = 1_000_000
"""More citizens than join or leave on a day; the OpenAPI document needs a bound."""


def _existing(text: str) -> str:
    if date.fromisoformat(text) == date.max:
        raise ValueError("no day comes after it")
    return text


Day = Annotated[
    str,
    says("A day in UTC, such as 2026-11-29."),
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_existing),
    IOType(("ShortDateString",), "must be a date that exists, such as 2026-11-29"),
]
HashField = Annotated[
    CitizenHash,
    StringConstraints(pattern="^[0-9a-f]{64}$"),
]
Citizens = Annotated[list[HashField], Field(json_schema_extra={"maxItems": MOST_CITIZENS})]


class SubscriptionsFeedView(Model):
    """The citizens who began and those who ceased to take your messages on the day."""

    date_utc: Annotated[
        str,
        Field(alias="dateUTC", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        says("The day of the request, in UTC."),
    ]
    subscriptions: Annotated[
        Citizens, says("The hashes of the citizens whom your service may write to from that day.")
    ]
    unsubscriptions: Annotated[
        Citizens,
        says("The hashes of the citizens whom your service may no longer write to."),
    ]


async def _read(call: Call[Sender, None, None]) -> Answer:
    text = call.path["date"]
    found = await call.app.profiles.read_feed(call.caller, date.fromisoformat(text))
    return Answer(
        200,
        SubscriptionsFeedView.model_construct(
            date_utc=text,
            subscriptions=found.subscriptions,
            unsubscriptions=found.unsubscriptions,
        ),
    )


read_subscriptions_feed = Endpoint(
    name="read_subscriptions_feed",
    method="GET",
    path="/api/v1/subscriptions-feed/{date}",
    summary="Read the subscriptions and unsubscriptions of a day",
    description=(
        "For services to which an operator gave the right. A citizen is named by the SHA-256 of "
        "the fiscal code in capital letters, as 64 hexadecimal digits. A citizen subscribes by "
        "switching the inbox on, by the mode AUTO, or by a choice for your service; the last event "
        "of the day counts. The feed of a day can be read from its end, midnight UTC, for 400 "
        "days; before and after that the answer is 404. An event of the last minute of a day may "
        "stand in the feed of the next day too. Repeat a subscription that you know without harm."
    ),
    tag="sender",
    policy=Senders(frozenset((Group.SUBSCRIPTIONS_FEED_READ,))),
    parameters={"date": Day},
    handler=_read,
    answers={200: SubscriptionsFeedView},
    outage=problems.try_again,
    refusals=(FeedNotAvailableError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_subscriptions_feed,)
