"""Endpoints by which the console's pages act with a key that no script can read."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.callers.cookies import ended_cookie, kept_keys, set_cookie
from functions.http.console.pages import ConsolePages
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import FOREIGN_ADDRESS
from functions.http.sign_in.browsers import Browser
from lib.composition.app import App
from lib.domain.identity.errors import (
    InvalidSenderKeyError,
    NoGroupError,
    NotAllowedError,
    TooManyFailuresError,
)
from lib.domain.services.service import Group
from lib.domain.services.subscription import SubscriptionKind
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.use_cases.sign_in.hold_keys import HeldKey
from lib.use_cases.sign_in.outcomes import part_of

PATH: Final = "/api/console/v1/keys"
MOST_KEYS: Final = 12
"""The keys of one browser: their cookies fit into the headers that each platform takes."""
_NO_STORE: Final = {"Cache-Control": "no-store"}
_SubscriptionId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    says("The id of the subscription, as the list has it."),
]


class EnteredKey(Model):
    """A key that a person enters."""

    key: Annotated[
        str,
        StringConstraints(pattern=r"^[\x21-\x7e]{1,256}$"),
        says("The key of a service, a manage key or an operator's key."),
    ]


class HeldKeyView(Model):
    """A key that this browser has, without the key itself."""

    subscription_id: Annotated[
        str, says("The id of the subscription, for the header Recapito-Acting-As.")
    ]
    kind: Annotated[SubscriptionKind, says("The purpose of the subscription's keys.")]
    groups: Annotated[list[Group], says("The rights of the key.")]
    service_id: Annotated[
        ServiceId | None, says("The id of the service. Absent: the key is not that of a service.")
    ] = None
    service_name: Annotated[
        str | None, says("The name of the service. Absent: the key is not that of a service.")
    ] = None
    organization_fiscal_code: Annotated[
        OrganizationFiscalCode | None,
        says("The organisation for which the key acts. Absent: an operator's key."),
    ] = None
    organization_name: Annotated[
        str | None, says("The name of the organisation. Absent: it is not known.")
    ] = None
    is_on_trial: Annotated[bool, says("Whether the organisation is on trial.")]
    expires_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the browser loses the key: date and time in UTC."),
    ]


class HeldKeyViews(Model):
    """The keys that this browser has."""

    items: Annotated[list[HeldKeyView], says(f"The keys, at most {MOST_KEYS}.")]


async def _hold(call: Call[Browser, EnteredKey, None]) -> Answer:
    sign_in, browser = call.app.sign_in, call.caller
    held, kept = await sign_in.hold_keys.hold(call.body.key, lambda: browser.address)
    if not held.holder.subscription.groups:
        raise NoGroupError
    if not held.holder.admits(browser.address):
        raise NotAllowedError(rule=FOREIGN_ADDRESS)
    is_local = sign_in.rules.is_local
    others = kept_keys(browser.cookies, is_local=is_local)
    others.pop(kept.part, None)
    first = sign_in.hold_keys.first_to_end(others.values())
    too_many = first[: max(0, len(first) - MOST_KEYS + 1)]
    return Answer(
        200,
        await _view(call.app, held),
        headers=_NO_STORE,
        cookies=(
            set_cookie(kept, is_local=is_local),
            *(_ended(call.app, part_of(id_)) for id_ in too_many),
        ),
    )


async def _list(call: Call[Browser, None, None]) -> Answer:
    sign_in, browser = call.app.sign_in, call.caller
    items, ended = [], []
    for part, value in kept_keys(browser.cookies, is_local=sign_in.rules.is_local).items():
        held = await sign_in.hold_keys.held(value, lambda: browser.address)
        if held is None:
            ended.append(_ended(call.app, part))
        elif held.holder.admits(browser.address):
            items.append(await _view(call.app, held))
    items.sort(key=lambda one: (one.organization_name or "", one.service_name or "", one.kind))
    return Answer(200, HeldKeyViews(items=items), headers=_NO_STORE, cookies=tuple(ended))


async def _forget(call: Call[Browser, None, None]) -> Answer:
    return Answer(204, cookies=(_ended(call.app, part_of(call.path["subscription_id"])),))


async def _forget_all(call: Call[Browser, None, None]) -> Answer:
    parts = kept_keys(call.caller.cookies, is_local=call.app.sign_in.rules.is_local)
    return Answer(204, cookies=tuple(_ended(call.app, part) for part in parts))


def _ended(app: App, part: str) -> str:
    return ended_cookie(is_local=app.sign_in.rules.is_local, kind="key", part=part)


async def _view(app: App, held: HeldKey) -> HeldKeyView:
    holder = held.holder
    subscription = holder.subscription
    service = holder.service if subscription.kind is SubscriptionKind.SERVICE else None
    code, name = holder.organization_fiscal_code, None
    if subscription.kind is SubscriptionKind.OPERATIONS:
        code = None
    elif holder.service is not None:
        name = holder.service.organization_name
    elif code is not None:
        organization = await app.repositories.organizations.get(code)
        name = None if organization is None else organization.name
    return HeldKeyView(
        subscription_id=subscription.id,
        kind=subscription.kind,
        groups=sorted(subscription.groups),
        service_id=None if service is None else service.id,
        service_name=None if service is None else service.name,
        organization_fiscal_code=code,
        organization_name=name,
        is_on_trial=holder.is_on_trial,
        expires_at=timestamp(held.ends_at),
    )


_ABOUT: Final = (
    "The browser keeps the key for eight hours in a cookie that scripts cannot read. A page of "
    "this origin then calls each operation for this kind of key with the header "
    "`Recapito-Acting-As: {subscription_id}` and without the key."
)
hold_key = Endpoint[Browser, EnteredKey, None](
    name="hold_key",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Give this browser a key",
    description=(
        f"{_ABOUT} All rules of the key apply to these calls. A key that was replaced or suspended "
        f"ends the cookie. A browser keeps {MOST_KEYS} keys: one more takes the place of the one "
        "that ends first. The call needs the header Recapito-CSRF, with any value."
    ),
    tag="console",
    policy=ConsolePages(),
    body=Body(EnteredKey, "EnteredKey", limit=4096, example={"key": "the-key-of-a-service"}),
    handler=_hold,
    answers={200: HeldKeyView},
    refusals=(InvalidSenderKeyError, NoGroupError, NotAllowedError, TooManyFailuresError),
)
list_held_keys = Endpoint[Browser, None, None](
    name="list_held_keys",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the keys that this browser has",
    description=(
        f"{_ABOUT} Keys that may not be used from this address are left out, and cookies of keys "
        "that are no longer valid end."
    ),
    tag="console",
    policy=ConsolePages(),
    handler=_list,
    answers={200: HeldKeyViews},
    refusals=(TooManyFailuresError,),
)
forget_key = Endpoint[Browser, None, None](
    name="forget_key",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{subscription_id}}",
    summary="Remove a key from this browser",
    description="The call needs the header Recapito-CSRF, with any value.",
    tag="console",
    policy=ConsolePages(),
    parameters={"subscription_id": _SubscriptionId},
    handler=_forget,
    answers={204: None},
)
forget_keys = Endpoint[Browser, None, None](
    name="forget_keys",
    is_ours=True,
    method="DELETE",
    path=PATH,
    summary="Remove all keys from this browser",
    description="The call needs the header Recapito-CSRF, with any value.",
    tag="console",
    policy=ConsolePages(),
    handler=_forget_all,
    answers={204: None},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (hold_key, list_held_keys, forget_key, forget_keys)
