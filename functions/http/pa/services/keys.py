"""Show and replace the keys of a service."""

from typing import Annotated, Literal, cast

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.services.keys import KeySlot
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType
from lib.use_cases.services.issue_keys import ShownKeys

_SHOWN = "In full in the answer that made it, masked afterwards: stars and its last characters."

KeyType = Annotated[
    Literal["primary", "secondary"],
    says("The key to replace: primary or secondary."),
    IOType(("SubscriptionKeyType",), "must be primary or secondary"),
]


class SubscriptionKeys(Model):
    """The two keys of a service."""

    primary_key: Annotated[str, says(f"The primary key. {_SHOWN}")]
    secondary_key: Annotated[str, says(f"The secondary key. {_SHOWN}")]


def _answer(keys: ShownKeys) -> Answer:
    shown = SubscriptionKeys(primary_key=keys.primary, secondary_key=keys.secondary)
    return Answer(200, shown, {"Cache-Control": "no-store"})


async def _show(call: Call[Manager, None, None]) -> Answer:
    return _answer(await call.app.services.keys.show(call.caller, named(call)))


async def _replace(call: Call[Manager, None, None]) -> Answer:
    slot = cast("KeySlot", call.path["key_type"])
    return _answer(await call.app.services.keys.replace(call.caller, named(call), slot))


show_service_keys = Endpoint(
    name="show_service_keys",
    method="GET",
    path=f"{ONE}/keys",
    summary="Show the keys of a service",
    description=(
        "The first call makes both keys and shows them in full. Recapito stores no key, so later "
        "calls show them masked. Keep them, or replace a key that you lost."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_show,
    answers={200: SubscriptionKeys},
    outage=problems.try_again,
    refusals=NOT_FOUND,
)

replace_service_key = Endpoint(
    name="replace_service_key",
    method="PUT",
    path=f"{ONE}/keys/{{key_type}}",
    summary="Change one key of a service",
    description=(
        "The new key is shown in full, the other one masked. The former key is refused within a "
        "minute; the other key works all the time, so change over to it first."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters={**PARAMETERS, "key_type": KeyType},
    handler=_replace,
    answers={200: SubscriptionKeys},
    outage=problems.try_again,
    refusals=NOT_FOUND,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (show_service_keys, replace_service_key)
