"""The endpoint that tells a sender its limits, and the number of calls that are left."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from functions.http.contract.call import DEFAULT_BODY_LIMIT
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import AnyKey
from functions.http.pa.messages import submit_message
from functions.http.pa.profiles import MAX_CITIZENS
from functions.http.pagopa.payments import MAX_UPDATES
from lib.domain.limits.allowance import WINDOW_SECONDS
from lib.domain.messages.withdrawals.recall import MAX_MESSAGES
from lib.domain.payment_notices.notice import MAX_AMENDMENTS
from lib.domain.payment_notices.notice_request import MAX_INSTALMENTS
from lib.domain.payments.payment import MAX_OF_SERVICE
from lib.domain.services.service import Group
from lib.domain.services.subscription import KeyHolder
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import ZonedTimestamp, timestamp
from lib.domain.statistics.statistics import MAX_DAYS

type LimitName = Literal[
    "message_body",
    "request_body",
    "payment_amount",
    "messages_of_payment",
    "instalments_of_notice",
    "amendments_of_notice",
    "days_of_statistics",
    "recipients",
    "payment_updates_of_request",
    "citizens_of_request",
    "messages_of_recall",
]
type Unit = Literal[
    "bytes", "cents", "messages", "instalments", "amendments", "days", "citizens", "updates"
]


class CallLimit(Model):
    """The calls of the subscription, in all processes and by both of its keys."""

    limit: Annotated[
        int | None,
        Field(ge=0),
        says("The calls that the subscription may make in `seconds`. Absent: any number."),
    ] = None
    seconds: Annotated[
        int, Field(ge=1), says("The span in which calls are counted; it ends at each call.")
    ] = WINDOW_SECONDS
    remaining: Annotated[
        int | None,
        Field(ge=0),
        says("The calls that are left now, after this call. Absent: any number."),
    ] = None
    resets_at: Annotated[
        ZonedTimestamp | None,
        says(
            "When the oldest counted call no longer counts: date and time in UTC. Absent: any "
            "number of calls may be made."
        ),
    ] = None
    is_near_limit: Annotated[
        bool,
        says("Whether 80 % of the calls were made, of which operators are told as well."),
    ] = False


class OtherLimit(Model):
    """A limit of one request, or of one thing that requests are about."""

    name: Annotated[LimitName, says("The name of what is limited.")]
    limit: Annotated[int, Field(ge=0), says("The greatest number that is accepted.")]
    unit: Annotated[Unit, says("The unit of the limit.")]


class TrialLimit(Model):
    """The messages of an organisation on trial, by all keys of its services."""

    limit: Annotated[
        int, Field(ge=0), says("The messages that the organisation may send in a day of Italy.")
    ]
    remaining: Annotated[int, Field(ge=0), says("The messages that are left today.")]
    resets_at: Annotated[
        ZonedTimestamp, says("When the next day begins in Italy: date and time in UTC.")
    ]


class SenderLimits(Model):
    """The limits of the caller's key."""

    calls: Annotated[CallLimit, says("The calls of the subscription, and what is left of them.")]
    trial: Annotated[
        TrialLimit | None,
        says("The messages of the trial. Absent: the organisation is not on trial."),
    ] = None
    others: Annotated[
        list[OtherLimit], Field(max_length=100), says("The other limits, with nothing to use up.")
    ]


async def _read(call: Call[KeyHolder, None, None]) -> Answer:
    holder, app = call.caller, call.app
    limit = holder.subscription.calls_allowed
    calls = CallLimit()
    if limit is not None:
        left = app.limits.count_calls.standing(holder.subscription.id, limit)
        end = app.ports.clock.now() + timedelta(seconds=left.seconds)
        calls = CallLimit(
            limit=limit,
            remaining=left.remaining,
            resets_at=timestamp(end),
            is_near_limit=left.is_near_limit,
        )
    trial = await _trial(call)
    return Answer(200, SenderLimits(calls=calls, trial=trial, others=list(_others(holder))))


async def _trial(call: Call[KeyHolder, None, None]) -> TrialLimit | None:
    organization = call.caller.organization_fiscal_code
    if not call.caller.is_on_trial or organization is None:
        return None
    use = await call.app.organizations.read.trial(organization)
    return TrialLimit(
        limit=use.cap,
        remaining=max(0, use.cap - use.sent_today),
        resets_at=timestamp(use.ends_at),
    )


def _others(holder: KeyHolder) -> Iterator[OtherLimit]:
    yield OtherLimit(name="message_body", limit=submit_message.body_limit, unit="bytes")
    yield OtherLimit(name="request_body", limit=DEFAULT_BODY_LIMIT, unit="bytes")
    yield OtherLimit(name="messages_of_payment", limit=MAX_OF_SERVICE, unit="messages")
    yield OtherLimit(name="instalments_of_notice", limit=MAX_INSTALMENTS, unit="instalments")
    yield OtherLimit(name="amendments_of_notice", limit=MAX_AMENDMENTS, unit="amendments")
    yield OtherLimit(name="payment_updates_of_request", limit=MAX_UPDATES, unit="updates")
    yield OtherLimit(name="citizens_of_request", limit=MAX_CITIZENS, unit="citizens")
    yield OtherLimit(name="messages_of_recall", limit=MAX_MESSAGES, unit="messages")
    yield OtherLimit(name="days_of_statistics", limit=MAX_DAYS, unit="days")
    service = holder.service
    if service is None:
        return
    amount = service.max_allowed_payment_amount
    yield OtherLimit(name="payment_amount", limit=amount, unit="cents")
    if Group.LIMITED_MESSAGE_WRITE in holder.subscription.groups:
        recipients = len(service.authorized_recipients)
        yield OtherLimit(name="recipients", limit=recipients, unit="citizens")


read_limits = Endpoint(
    name="read_limits",
    is_ours=True,
    method="GET",
    path="/api/v1/limits",
    summary="Read your limits and the calls that are left",
    description=(
        "This call counts too. Each counted answer of the API has the same numbers of calls in "
        "RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset. Several processes count "
        "together, so the numbers may be some calls behind."
    ),
    tag="sender",
    policy=AnyKey(),
    handler=_read,
    answers={200: SenderLimits},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_limits,)
