"""The operator's side: notifications of which nobody knows whether they went out."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from functions.http.endpoint import Answer, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from lib.domain.service import Sender
from lib.ports.documents import Document
from lib.repositories.deliveries import DeliveryStatus

Status = Literal["IN_PROGRESS", "UNCONFIRMED"]


class ClaimsQuery(BaseModel):
    """Which claims, and how many of them."""

    status: Annotated[
        Status,
        Field(
            description="UNCONFIRMED: the push or mail service did not answer. IN_PROGRESS: the "
            "process that was sending it ended."
        ),
    ] = "UNCONFIRMED"
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    continuation: Annotated[
        str | None,
        Field(
            max_length=1024, description="`next` of the page before", pattern="^[0-9A-Za-z_=-]*$"
        ),
    ] = None


class DoubtfulClaim(BaseModel):
    """A notification that was claimed and is not known to be sent; times in UTC."""

    message_id: Annotated[str, Field(description="or the id of an e-mail address's validation")]
    claim: Annotated[str, Field(description="kind, with its step, and channel")]
    status: Status
    claimed_at: str
    settled_at: Annotated[
        str | None, Field(description="when it was given up; absent while it is IN_PROGRESS")
    ] = None


class DoubtfulClaimList(BaseModel):
    """The newest messages' first; `next` names the page after, where there is one."""

    items: list[DoubtfulClaim]
    next: str | None = None


async def _list(call: Call[Sender, None, ClaimsQuery]) -> Answer:
    query = call.query
    found, following = await call.app.list_doubtful_claims(
        DeliveryStatus(query.status), query.limit, query.continuation
    )
    return Answer(200, DoubtfulClaimList(items=[_claim(one) for one in found], next=following))


def _claim(claim: Document) -> DoubtfulClaim:
    return DoubtfulClaim(
        message_id=claim["message_id"],
        claim=claim["id"],
        status=claim["status"],
        claimed_at=claim["claimed_at"],
        settled_at=claim.get("settled_at"),
    )


list_doubtful_claims = Endpoint(
    name="list_doubtful_claims",
    method="GET",
    path="/api/operations/v1/doubtful-claims",
    summary="List notifications of which nobody knows whether they went out",
    description="A quarter of an hour and more after they were claimed. None is sent again by "
    "itself: a citizen is told once at most, and finds the message in the inbox in any case.",
    tag="operations",
    policy=OPERATORS,
    query=ClaimsQuery,
    handler=_list,
    answers={200: DoubtfulClaimList},
)
