"""Send a service to review, and tell its reviewer something."""

from typing import Annotated

from pydantic import Field

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.services.errors import ServiceTransitionError
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, Flag, IOType

PATH = f"{ONE}/review"


class ReviewRequest(Model):
    """A request to review a draft."""

    auto_publish: Annotated[
        Flag, says("Whether the approval also publishes the service. The default is false.")
    ] = False


class ReviewComment(Model):
    """A word to the reviewer."""

    comment: Annotated[
        Annotated[str, Field(max_length=4096), IOType(("string",))] | None,
        NOT_NULL,
        says("What the reviewer should know. Absent: the former comment is taken back."),
    ] = None


async def _submit(call: Call[Manager, ReviewRequest, None]) -> Answer:
    await call.app.services.manage.submit(
        call.caller, named(call), auto_publish=call.body.auto_publish
    )
    return Answer(204)


async def _comment(call: Call[Manager, ReviewComment, None]) -> Answer:
    id_ = named(call)
    await call.app.services.manage.comment(call.caller, id_, call.body.comment)
    return Answer(204)


submit_service = Endpoint(
    name="submit_service",
    method="PUT",
    path=PATH,
    summary="Submit a service to review",
    description=(
        "A draft is checked automatically, and rejected with the reasons where something is "
        "wrong. An operator decides on a service the first time, and where its name, its "
        "description, its organisation or its scope changed; other changes are approved at once."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=Body[ReviewRequest](
        ReviewRequest, name="ReviewRequest", example={"auto_publish": True}, is_optional=True
    ),
    handler=_submit,
    answers={204: None},
    outage=problems.try_again,
    refusals=(*NOT_FOUND, ServiceTransitionError),
)

comment_review = Endpoint(
    name="comment_review",
    method="PATCH",
    path=PATH,
    summary="Send the reviewer a comment",
    description="While the service waits for a decision.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=Body[ReviewComment](
        ReviewComment, name="Comment", example={"comment": "Il servizio parte a gennaio."}
    ),
    handler=_comment,
    answers={204: None},
    outage=problems.try_again,
    refusals=(*NOT_FOUND, ServiceTransitionError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (submit_service, comment_review)
