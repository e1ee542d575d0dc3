"""Read and set how a service treats a second message for a payment, with a manage key."""

from typing import Final

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa import checks
from functions.http.pa.checks import DuplicatePolicyView
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named

PATH: Final = f"{ONE}/duplicate-policy"


async def _read(call: Call[Manager, None, None]) -> Answer:
    policy = await call.app.services.duplicate_policy.read(call.caller, named(call))
    return Answer(200, DuplicatePolicyView(policy=policy))


async def _change(call: Call[Manager, DuplicatePolicyView, None]) -> Answer:
    policy = await call.app.services.duplicate_policy.change(
        call.caller, named(call), call.body.policy
    )
    return Answer(200, DuplicatePolicyView(policy=policy))


read_managed_duplicate_policy = Endpoint(
    name="read_managed_duplicate_policy",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read how a service that you manage treats a second message for a payment",
    description=checks.READ,
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read,
    answers={200: DuplicatePolicyView},
    refusals=NOT_FOUND,
)

change_managed_duplicate_policy = Endpoint(
    name="change_managed_duplicate_policy",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set how a service that you manage treats a second message for a payment",
    description=checks.CHANGED,
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=checks.change_duplicate_policy.body,
    handler=_change,
    answers={200: DuplicatePolicyView},
    refusals=NOT_FOUND,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_managed_duplicate_policy,
    change_managed_duplicate_policy,
)
