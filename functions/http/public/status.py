"""Endpoint that tells everybody whether the API works."""

from typing import Annotated, Final, Literal

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from functions.http.contract.problems import Problem
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class ApiStatus(Model):
    """The state of an API that works, with the members of a problem."""

    status: Annotated[Literal[200], says("The HTTP status code, as in the answer's first line.")]
    title: Annotated[Literal["OK"], says("The state of the API in a word that does not change.")]
    detail: Annotated[
        Literal["The API works."], says("The state of the API in a sentence for people.")
    ]


_WORKS: Final = ApiStatus(status=200, title="OK", detail="The API works.")


async def _read(call: Call[None, None, None]) -> Answer:
    await call.app.operations.check_health()
    return Answer(200, _WORKS)


def _unavailable(retry_after: float | None) -> Problem:
    return problems.unavailable(retry_after, "The API cannot work now; ask again later.")


read_status = Endpoint(
    name="read_status",
    is_ours=True,
    method="GET",
    path="/status",
    summary="Read whether the API works",
    description=(
        "200: the data and the queues of the installation can be reached. 503: they cannot. An "
        "answer may be five seconds old."
    ),
    tag="public",
    policy=Everybody(),
    handler=_read,
    answers={200: ApiStatus},
    outage=_unavailable,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_status,)
