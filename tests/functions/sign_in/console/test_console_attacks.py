"""The cookie of a key serves the page of the console alone, as long as the key is valid."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from functions.declared import ENDPOINTS
from functions.http.callers.head import Head
from infra.local.sandbox.seed import (
    KEY_SEED,
    LIMITED_KEY,
    LIMITED_SERVICE_ID,
    MANAGE_KEY,
    OPERATOR_KEY,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.composition.secrets import key_hashes_of
from lib.domain.shared.errors import DomainError
from lib.ports.schema.senders import SERVICES
from lib.use_cases.identity.failed_calls import MAX_FAILURES
from tests.builders.services import with_groups, with_manage_key, with_service
from tests.builders.settings import settings_for
from tests.functions.sign_in.console.consoles import CSRF, OWN, Console
from tests.stack import Stack

OF_KEYS = [
    one for one in ENDPOINTS if one.policy.scheme in {"SenderKey", "ManageKey", "OperatorKey"}
]


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that remembers no key."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield stack
    await stack.app.close()


async def test_a_cookie_has_the_rights_of_its_key_and_no_others(stack: Stack) -> None:
    """Each endpoint admits or refuses the cookie of each key as it does the key."""
    console = Console(stack)
    for key, subscription in KEY_SEED:
        await console.hold(key)
        cookie = "; ".join(f"{name}={value}" for name, value in console.cookies.items())
        by_cookie = {**OWN, "recapito-acting-as": subscription["id"], "cookie": cookie}
        by_key = {"ocp-apim-subscription-key": key}
        for endpoint in OF_KEYS:
            results = [await judged(stack, endpoint, one) for one in (by_key, by_cookie)]
            assert results[0] == results[1], (key, endpoint.name)


async def judged(stack: Stack, endpoint: Any, headers: dict[str, str]) -> Any:
    """Return the caller that a policy admits, or the text of the refusal."""
    try:
        return await endpoint.policy.authenticate(
            stack.app, Head(headers, {}, method=endpoint.method)
        )
    except DomainError as error:
        return f"{error!r}"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_another_site_does_nothing(stack: Stack, headers: dict[str, str]) -> None:
    """Neither with the cookie of a key, nor can it enter or forget one."""
    console = Console(stack)
    await console.hold()

    acting = await console.acting_as(SERVICE_ID, "read_limits", headers=headers)
    listed = await console.call("list_held_keys", headers=headers)
    entered = await console.hold(LIMITED_KEY, **headers)
    forgotten = await console.call("forget_keys", headers={**CSRF, **headers})

    replies = (acting, listed, entered, forgotten)
    assert [reply.status for reply in replies] == [403, 403, 403, 403]
    assert [one["subscription_id"] for one in await console.held()] == [SERVICE_ID]


@pytest.mark.parametrize("name", ["hold_key", "forget_keys", "forget_key"])
async def test_a_form_of_another_site_enters_and_forgets_no_key(stack: Stack, name: str) -> None:
    """A form sends no header of its own."""
    console = Console(stack)
    await console.hold()
    body = {"key": LIMITED_KEY} if name == "hold_key" else None
    path = {"subscription_id": SERVICE_ID} if name == "forget_key" else {}

    assert (await console.call(name, body, path=path, headers={})).status == 403
    assert [one["subscription_id"] for one in await console.held()] == [SERVICE_ID]


async def test_the_cookie_alone_and_the_header_alone_open_nothing(stack: Stack) -> None:
    """A form brings the cookie, and a page of another site at most the header."""
    console, stranger = Console(stack), Console(stack)
    await console.hold()

    without_header = await console.call("read_limits", headers=OWN)
    without_cookie = await stranger.acting_as(SERVICE_ID, "read_limits")

    assert (without_header.status, without_cookie.status) == (401, 401)


async def test_the_cookie_of_one_key_is_not_that_of_another(stack: Stack) -> None:
    """A cookie under the name of another one is refused, and so is a changed one."""
    console = Console(stack)
    await console.hold(LIMITED_KEY)
    (limited,) = console.cookies.items()
    await console.hold(SENDER_KEY)
    (name,) = console.cookies.keys() - {limited[0]}
    value = console.cookies[name]
    changed = value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1]

    for forged in (limited[1], changed, "", "x", value[: len(value) // 2], "è"):
        console.cookies[name] = forged
        assert (await console.acting_as(SERVICE_ID, "read_limits")).status == 401
    assert (await console.acting_as(LIMITED_SERVICE_ID, "read_limits")).status == 200


async def test_a_key_counts_before_the_cookie(stack: Stack) -> None:
    """A call with both is that of the key; a voucher's header does not count."""
    console = Console(stack)
    await console.hold()
    by_key = {"ocp-apim-subscription-key": MANAGE_KEY}

    wrong = await console.acting_as(
        SERVICE_ID, "read_limits", headers={"ocp-apim-subscription-key": "x"}
    )
    managed = await console.acting_as(SERVICE_ID, "list_services", headers=by_key)
    fronted = await console.acting_as(
        SERVICE_ID, "read_limits", headers={"authorization": "Bearer of-the-front"}
    )

    assert (wrong.status, managed.status, fronted.status) == (401, 200, 200)


async def test_a_replaced_key_ends_its_cookie(fresh: Stack) -> None:
    """At once, as it ends the key; the service's other key goes on."""
    keys = fresh.app.services.issue_keys
    before = await keys.show(SERVICE_ID)
    first, second = Console(fresh), Console(fresh)
    await first.hold(before.primary)
    await second.hold(before.secondary)

    await keys.replace(SERVICE_ID, "primary")

    statuses = [(await one.acting_as(SERVICE_ID, "read_limits")).status for one in (first, second)]
    assert statuses == [401, 200]
    assert (await first.held(), first.cookies) == ([], {})


@pytest.mark.parametrize("what", ["suspended", "deleted"])
async def test_the_end_of_a_subscription_or_a_service_ends_the_cookie(
    fresh: Stack, what: str
) -> None:
    """As it ends the key."""
    console = Console(fresh)
    await console.hold()
    if what == "suspended":
        await fresh.app.repositories.subscriptions.suspend(SERVICE_ID)
    else:
        await fresh.store.delete(SERVICES, SERVICE_ID, SERVICE_ID)

    assert (await console.acting_as(SERVICE_ID, "read_limits")).status == 401
    assert (await console.hold()).status == 401
    assert await console.held() == []


async def test_a_key_of_certain_networks_is_used_there_alone(fresh: Stack) -> None:
    """It cannot be entered elsewhere, nor can its cookie be taken elsewhere."""
    manage_key = await with_manage_key(fresh, cidrs=["203.0.113.0/24"])
    await with_service(fresh, authorized_cidrs=["203.0.113.0/24"])
    inside, outside = Console(fresh, "203.0.113.9:1"), Console(fresh)
    for key in (SENDER_KEY, manage_key):
        assert (await inside.hold(key)).status == 200
        assert (await outside.hold(key)).status == 403
    stolen = Console(fresh, cookies=dict(inside.cookies))

    assert (await inside.acting_as(SERVICE_ID, "read_limits")).status == 200
    assert (await stolen.acting_as(SERVICE_ID, "read_limits")).status == 403
    assert len(await inside.held()) == 2
    assert (await stolen.held(), outside.cookies) == ([], {})


async def test_a_key_without_rights_is_refused(stack: Stack) -> None:
    """As in each call with it."""
    key = await with_groups(stack)

    reply = await Console(stack).hold(key)

    assert (reply.status, reply.body["title"]) == (403, "User has no valid scopes")


async def test_wrong_keys_count_for_the_address(stack: Stack) -> None:
    """Who guesses at the console is stopped as who guesses at any other call."""
    console, elsewhere = Console(stack), Console(stack, "203.0.113.9:1")
    for number in range(MAX_FAILURES):
        assert (await console.hold(f"guess-{number}")).status == 401

    assert (await console.hold("guess")).status == 429
    assert (await stack.call("read_limits", key="guess")).status == 429
    assert (await elsewhere.hold()).status == 200


async def test_neither_the_answer_nor_the_cookie_has_the_key(stack: Stack) -> None:
    """Nor its hash: who reads the page, or the browser's files, has nothing for elsewhere."""
    keys = (SENDER_KEY, MANAGE_KEY, OPERATOR_KEY)
    console, hashes = Console(stack), key_hashes_of(stack.app.settings)
    replies = [await console.hold(one) for one in keys]

    text = " ".join(f"{one.body} {one.headers} {one.cookies}" for one in replies)
    assert not [one for key in keys for one in (key, hashes.of(key)) if one in text]
