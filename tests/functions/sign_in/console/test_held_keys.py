"""A page of the console acts with a key that no script can read."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import (
    LIMITED_KEY,
    LIMITED_SERVICE_ID,
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    SENDER_KEY,
    SERVICE_ID,
    SLOW_KEY,
)
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.organizations import with_organization
from tests.builders.services import with_groups, with_manage_key
from tests.builders.settings import settings_for
from tests.functions.sign_in.console.consoles import CSRF, OWN, Console
from tests.stack import Stack


async def test_a_page_sends_a_message_without_the_key(stack: Stack) -> None:
    """The cookie and the name of the subscription stand for the key, and for no other."""
    console = Console(stack)
    entered = await console.hold()
    sent = await console.acting_as(SERVICE_ID, "submit_message", a_message())
    other = await console.acting_as(LIMITED_SERVICE_ID, "submit_message", a_message())

    assert (entered.status, sent.status, other.status) == (200, 201, 401)
    assert "RateLimit-Limit" in sent.headers
    assert SENDER_KEY not in f"{entered.body} {entered.cookies}"
    assert len(console.cookies) == 1


async def test_the_page_learns_what_the_browser_has(stack: Stack) -> None:
    """Each key with its kind, rights and names, in the order of these names."""
    await with_organization(stack, fiscal_code=ORGANIZATION)
    manage_key = await with_manage_key(stack)
    console = Console(stack)
    for key in (OPERATOR_KEY, SENDER_KEY, manage_key):
        assert (await console.hold(key)).status == 200
    by_kind = {one["kind"]: one for one in await console.held()}

    assert by_kind.keys() == {"SERVICE", "MANAGE", "OPERATIONS"}
    service, manager, operator = (by_kind[kind] for kind in ("SERVICE", "MANAGE", "OPERATIONS"))
    assert (service["subscription_id"], service["service_id"]) == (SERVICE_ID, SERVICE_ID)
    assert (service["service_name"], service["organization_name"]) == (
        "Tassa sui rifiuti",
        "Comune di Esempio",
    )
    assert (service["organization_fiscal_code"], service["is_on_trial"]) == (ORGANIZATION, False)
    assert service["expires_at"] == "2026-11-23T17:00:00.000Z"
    assert "ApiMessageWrite" in service["groups"]
    assert manager["organization_fiscal_code"] == ORGANIZATION
    assert manager["organization_name"] == "Comune di Prova"
    assert not manager.keys() & {"service_id", "service_name"}
    assert not operator.keys() & {"service_id", "organization_fiscal_code", "organization_name"}
    assert operator["groups"] == ["RecapitoOperations"]


async def test_a_manage_key_without_a_record_of_its_organisation_has_the_service_s_name(
    stack: Stack,
) -> None:
    """The sandbox's manage key names a service, which is not shown as what the key is for."""
    console = Console(stack)
    await console.hold(MANAGE_KEY)

    (item,) = await console.held()
    assert (item["organization_name"], "service_name" in item) == ("Comune di Esempio", False)


async def test_a_browser_forgets_one_key_or_all(stack: Stack) -> None:
    """A cookie that is gone opens nothing; the others go on."""
    console = Console(stack)
    for key in (SENDER_KEY, LIMITED_KEY, OPERATOR_KEY):
        await console.hold(key)

    path = {"subscription_id": SERVICE_ID}
    one = await console.call("forget_key", path=path, headers=CSRF)
    again = await console.call("forget_key", path=path, headers=CSRF)
    left = [one["subscription_id"] for one in await console.held()]
    all_ = await console.call("forget_keys", headers=CSRF)

    assert (one.status, again.status, all_.status) == (204, 204, 204)
    assert sorted(left) == sorted([LIMITED_SERVICE_ID, "OPERATIONS"])
    assert console.cookies == {}
    assert await console.held() == []


async def test_the_same_subscription_has_one_cookie(stack: Stack) -> None:
    """A key that is entered again lives for eight hours from then on."""
    console = Console(stack)
    await console.hold()
    stack.clock.advance(timedelta(hours=7))
    await console.hold()

    (item,) = await console.held()
    assert item["expires_at"] == "2026-11-24T00:00:00.000Z"


async def test_a_key_leaves_the_browser_after_eight_hours(stack: Stack) -> None:
    """Use does not prolong it, and the list ends its cookie."""
    console = Console(stack)
    await console.hold()
    stack.clock.advance(timedelta(hours=8) - timedelta(seconds=1))
    before = await console.acting_as(SERVICE_ID, "read_limits")
    stack.clock.advance(timedelta(seconds=1))
    after = await console.acting_as(SERVICE_ID, "read_limits")

    assert (before.status, after.status) == (200, 401)
    assert await console.held() == []
    assert console.cookies == {}


async def test_one_key_too_many_takes_the_place_of_the_first_to_end(stack: Stack) -> None:
    """So the cookies of a browser always fit into a request."""
    console = Console(stack)
    for number in range(13):
        stack.clock.advance(timedelta(seconds=1))
        key = f"sandbox-key-number-{number:02}"
        await with_groups(stack, Group.MESSAGE_READ, key=key)
        assert (await console.hold(key)).status == 200

    found = {one["subscription_id"][-2:] for one in await console.held()}
    assert found == {f"{number:02}" for number in range(1, 13)}
    assert sum(len(name) + len(value) for name, value in console.cookies.items()) < 6_000


async def test_with_tls_no_other_host_can_set_the_cookies(tmp_path: Path) -> None:
    """The cookies have the prefix `__Host-`, and are sent with TLS alone."""
    public = "https://recapito.ente.example"
    stack = await Stack(tmp_path, settings_for(tmp_path, public_url=public)).start()
    console = Console(stack)
    reply = await console.hold(origin=public)
    (cookie,) = reply.cookies
    listed = await console.call("list_held_keys", headers={**OWN, "origin": public})

    assert cookie.startswith("__Host-recapito-key-")
    assert cookie.endswith("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure")
    assert len(listed.body["items"]) == 1
    await stack.app.close()


@pytest.mark.parametrize("key", ["", "x" * 257, "chiave con spazi", "chiavè", None, 1])
async def test_what_is_no_key_is_refused_at_once(stack: Stack, key: object) -> None:
    """A text that no key can be is not looked up."""
    reply = await Console(stack).call("hold_key", {"key": key}, headers=CSRF)

    assert reply.status == 400


async def test_an_installation_without_a_secret_says_so(tmp_path: Path) -> None:
    """Browsers keep no keys, and a call that names a subscription has no key."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sign_in_secret="")).start()
    console = Console(stack)
    for reply in (await console.hold(), await console.call("list_held_keys", headers=OWN)):
        assert (reply.status, reply.body["title"]) == (404, "No console")

    assert (await console.acting_as(SERVICE_ID, "read_limits")).status == 401
    assert (await stack.call("read_limits")).status == 200
    await stack.app.close()


async def test_the_cookies_of_keys_outlive_a_rotation_of_the_secret(tmp_path: Path) -> None:
    """The previous secret opens them, until it is withdrawn."""
    console = Console(await Stack(tmp_path).start())
    await console.hold()
    for changes, expected in (
        ({"sign_in_secret_previous": "sandbox-sign-in-secret"}, 200),
        ({}, 401),
    ):
        await console.stack.app.close()
        settings = settings_for(tmp_path, sign_in_secret="sandbox-another-secret", **changes)
        console.stack = await Stack(tmp_path, settings).start()

        assert (await console.acting_as(SERVICE_ID, "read_limits")).status == expected
    await console.stack.app.close()


async def test_the_limit_of_calls_is_that_of_the_subscription(stack: Stack) -> None:
    """The calls of the console and of the key's other users count together."""
    console = Console(stack)
    await console.hold(SLOW_KEY)
    await stack.call("read_limits", key=SLOW_KEY)
    reply = await console.acting_as("sandbox-slow", "read_limits")

    assert reply.headers["RateLimit-Remaining"] == "148"
    assert (await console.hold(MANAGE_KEY)).status == 200
