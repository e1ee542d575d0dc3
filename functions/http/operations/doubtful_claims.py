"""Endpoint of doubtful claims for operators: notifications that may or may not have been sent."""

from typing import Annotated, Literal

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from functions.http.parameters.values import Continuation
from lib.domain.notifications import delivery
from lib.domain.notifications.delivery import DeliveryStatus, SubjectId
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import CURSOR, says
from lib.domain.shared.model import Model

Status = Annotated[
    Literal["IN_PROGRESS", "UNCONFIRMED"],
    says(
        "UNCONFIRMED: the push or mail service did not answer, or a repeated run found that "
        "the run before left no outcome. IN_PROGRESS: the process that was sending the "
        "notification ended."
    ),
]


class ClaimsQuery(Model):
    """The status of the claims to list, and the bounds of the page."""

    status: Status = "UNCONFIRMED"
    limit: Annotated[int, Field(ge=1, le=100), says("How many claims are listed at most.")] = 20
    continuation: Continuation = None


class DoubtfulClaim(Model):
    """A notification that was claimed and is not known to be sent; times in UTC."""

    message_id: Annotated[
        SubjectId,
        says(
            "The id of the message that was announced, or of the validation of an e-mail address."
        ),
    ]
    claim: Annotated[
        str, says("What was to be sent: its kind, for a reminder the step, and the channel.")
    ]
    status: Status
    claimed_at: Annotated[
        str, says("When the notification was claimed to be sent: date and time in UTC.")
    ]
    settled_at: Annotated[
        str | None,
        says("When it was given up: date and time in UTC. Absent while it is IN_PROGRESS."),
    ] = None


class DoubtfulClaimList(Model):
    """A page of claims, those of the newest messages first. `next` names the next page, if any."""

    items: Annotated[list[DoubtfulClaim], says("The claims, of the newest messages first.")]
    next: Annotated[str | None, CURSOR] = None


async def _list(call: Call[Operator, None, ClaimsQuery]) -> Answer:
    query = call.query
    found, following = await call.app.operations.list_doubtful_claims(
        DeliveryStatus(query.status), query.limit, query.continuation
    )
    return Answer(200, DoubtfulClaimList(items=[_shown(one) for one in found], next=following))


def _shown(claim: delivery.DoubtfulClaim) -> DoubtfulClaim:
    return DoubtfulClaim(
        message_id=claim.subject_id,
        claim=claim.name,
        status="IN_PROGRESS" if claim.status is DeliveryStatus.IN_PROGRESS else "UNCONFIRMED",
        claimed_at=claim.claimed_at,
        settled_at=claim.settled_at,
    )


list_doubtful_claims = Endpoint(
    name="list_doubtful_claims",
    is_ours=True,
    method="GET",
    path="/api/operations/v1/doubtful-claims",
    summary="List notifications that may or may not have been sent",
    description="Lists notifications that were claimed at least 15 minutes ago. Recapito does not "
    "send them again: a citizen is notified at most once, and finds the message in the inbox in "
    "any case.",
    tag="operations",
    policy=OPERATORS,
    query=ClaimsQuery,
    handler=_list,
    answers={200: DoubtfulClaimList},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_doubtful_claims,)
