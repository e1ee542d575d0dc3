"""The endpoint by which a sender follows a batch: it may wait for news."""

import hashlib
from typing import Annotated

from pydantic import StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.prefer import MOST_PREFERENCES, PREFER, wanted_wait
from functions.http.pa.batches.batch_views import BatchView, batch_view
from functions.http.pa.batches.batches import PATH, BatchIdField
from functions.http.pa.messages import READERS
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.use_cases.batches.await_batch import MOST_SECONDS
from lib.use_cases.batches.follow_batch import FollowedBatch

IF_NONE_MATCH = "if-none-match"

KnownTag = Annotated[
    str,
    says("The ETag of the answer that you have; where nothing has changed, the answer is 304."),
    StringConstraints(max_length=1024),
]
Preferences = Annotated[
    str,
    says(
        f"Preferences (RFC 7240). `wait=20`: with If-None-Match, the answer comes once something "
        f"has changed, or after 20 seconds; {MOST_SECONDS} at most. Absent: it comes at once."
    ),
    StringConstraints(max_length=MOST_PREFERENCES),
]


async def _read(call: Call[Sender, None, None]) -> Answer:
    known = {
        one.strip().removeprefix("W/") for one in call.headers.get(IF_NONE_MATCH, "").split(",")
    }
    seconds = min(wanted_wait(call.headers.get(PREFER)), MOST_SECONDS)
    found = await call.app.batches.wait(
        call.caller, call.path["id"], seconds, lambda one: _tag(_view(one)) in known
    )
    view = _view(found)
    tag = _tag(view)
    headers = {"ETag": tag}
    return Answer(304, headers=headers) if tag in known else Answer(200, view, headers)


def _view(found: FollowedBatch) -> BatchView:
    return batch_view(found.batch, found.progress)


def _tag(view: BatchView) -> str:
    """Return the entity tag of an answer."""
    return f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'


read_batch = Endpoint(
    name="read_batch",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{id}}",
    summary="Read a batch: its check, its status and its progress",
    description=(
        "While rows are sent, `progress` counts those that have an outcome. To follow a batch, "
        "send the ETag of the answer before as If-None-Match, and `Prefer: wait=20`: the answer "
        "comes once something has changed. At busy times it comes at once, so leave some seconds "
        "between two calls. A batch that waits for you stays as it is. A batch that nobody sends "
        "for 30 days, or that was made 270 days ago and has not ended, is CANCELLED. The list, the "
        "rows and the results of a batch are deleted 90 days after its end, or as the installation "
        "sets it, and then the batch has `expired_at`; the batch itself stays for a year."
    ),
    tag="sender",
    policy=READERS,
    parameters={"id": BatchIdField},
    headers={IF_NONE_MATCH: KnownTag, PREFER: Preferences},
    handler=_read,
    answers={200: BatchView, 304: None},
    refusals=(BatchNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_batch,)
