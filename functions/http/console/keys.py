"""Endpoints by which the console's pages act with a key that no script can read."""

from typing import Annotated, Final

from pydantic import StringConstraints

from functions.http.callers.cookies import ended_cookie, kept_keys, set_cookie
from functions.http.console.key_views import (
    MOST_KEYS,
    EnteredKey,
    HeldKeyView,
    HeldKeyViews,
    view_of,
)
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
from lib.domain.shared.described import says
from lib.use_cases.sign_in.outcomes import part_of

PATH: Final = "/api/console/v1/keys"
_NO_STORE: Final = {"Cache-Control": "no-store"}
_SubscriptionId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    says("The id of the subscription, as the list has it."),
]


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
        await view_of(call.app, held),
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
            items.append(await view_of(call.app, held))
    items.sort(key=lambda one: (one.organization_name or "", one.service_name or "", one.kind))
    return Answer(200, HeldKeyViews(items=items), headers=_NO_STORE, cookies=tuple(ended))


async def _forget(call: Call[Browser, None, None]) -> Answer:
    return Answer(204, cookies=(_ended(call.app, part_of(call.path["subscription_id"])),))


async def _forget_all(call: Call[Browser, None, None]) -> Answer:
    parts = kept_keys(call.caller.cookies, is_local=call.app.sign_in.rules.is_local)
    return Answer(204, cookies=tuple(_ended(call.app, part) for part in parts))


def _ended(app: App, part: str) -> str:
    return ended_cookie(is_local=app.sign_in.rules.is_local, kind="key", part=part)


_CSRF: Final = "The call needs the header Recapito-CSRF, with any value."
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
        f"that ends first. {_CSRF}"
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
    description=_CSRF,
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
    description=_CSRF,
    tag="console",
    policy=ConsolePages(),
    handler=_forget_all,
    answers={204: None},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (hold_key, list_held_keys, forget_key, forget_keys)
