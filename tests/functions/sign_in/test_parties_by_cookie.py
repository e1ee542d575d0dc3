"""A page acts for a party by its cookie, and names the delegation in each call."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from functions.declared import ENDPOINTS
from functions.http.callers.head import Head
from functions.http.contract.policies import Citizens
from infra.local.sandbox.seed import SERVICE_ID
from lib.adapters.embedded.registers.scripted_representatives import COMPANY
from lib.domain.identity.access import Access
from lib.domain.shared.errors import DomainError
from tests.builders.parties import with_delegation, with_registered
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.sign_in.app_calls import ISSUER, App, Browser
from tests.functions.sign_in.test_acting import act
from tests.functions.sign_in.test_browser_sessions import CSRF, SESSION, logged_in
from tests.stack import Reply, Stack

OF_CITIZENS = [one for one in ENDPOINTS if isinstance(one.policy, Citizens)]
OWN = {"origin": ISSUER, "sec-fetch-site": "same-origin"}
STRANGER = "STRNGR80A01H501U"
TERMS: dict[str, dict[str, Any]] = {
    "one service": {"service_ids": [SERVICE_ID]},
    "all services": {"rights": ["READ", "ACT"]},
    "ended": {},
}


async def call(
    browser: Browser, delegation: str, name: str, body: Any = None, **more: Any
) -> Reply:
    """Call an endpoint for the party of a delegation."""
    headers = {**OWN, **CSRF, "recapito-party": delegation, **more.pop("headers", {})}
    return await browser.call(name, body=body, headers=headers, **more)


async def judged(stack: Stack, endpoint: Any, headers: dict[str, str]) -> Any:
    """Return the access that a policy admits, whatever its session, or the refusal."""
    try:
        access = await endpoint.policy.authenticate(
            stack.app, Head(headers, {}, method=endpoint.method)
        )
    except DomainError as error:
        return f"{error!r}"
    assert isinstance(access, Access)
    return replace(access, session_id=None)


@pytest.mark.parametrize("kind", ["one service", "all services", "registered", "ended"])
async def test_a_cookie_admits_a_delegate_as_a_token_does(app: App, kind: str) -> None:
    """Each endpoint of citizens gives the same access, or the same refusal."""
    browser, stack = await logged_in(app), app.stack
    await app.log_in()
    person = app.provider.fiscal_code
    if kind == "registered":
        await with_registered(stack, person, COMPANY)
        (held,) = (await browser.call("list_parties")).body["items"]
        id_, party = held["id"], COMPANY
    else:
        id_, party = (
            await with_delegation(stack, OTHER_CITIZEN, person, **TERMS[kind]),
            OTHER_CITIZEN,
        )
    token = (await act(app, id_)).body["access_token"]
    if kind == "ended":
        await stack.call("end_delegation", path={"id": id_}, citizen=OTHER_CITIZEN)
    cookie = {**CSRF, "cookie": f"{SESSION}={browser.cookies[SESSION]}", "recapito-party": id_}

    admitted = 0
    for endpoint in OF_CITIZENS:
        by_token = await judged(stack, endpoint, {"authorization": f"Bearer {token}"})
        by_cookie = await judged(stack, endpoint, cookie)
        assert by_cookie == by_token, endpoint.name
        admitted += isinstance(by_cookie, Access) and by_cookie.subject == party
    assert (admitted == 0) == (kind == "ended")


async def test_two_tabs_act_for_two_parties_at_once(app: App) -> None:
    """Each call names its party, so no tab changes what another one reads."""
    browser, stack = await logged_in(app), app.stack
    person = app.provider.fiscal_code
    owners = (OTHER_CITIZEN, "MANUAL00A00A000A", person)
    sent = [await stack.deliver(fiscal_code=one) for one in (OTHER_CITIZEN, person)]
    ids = [await with_delegation(stack, one, person) for one in owners[:2]]

    replies = await asyncio.gather(
        *(call(browser, one, "list_inbox") for one in (*ids, "self", *ids, "self"))
    )

    found = [[one["id"] for one in reply.body["items"]] for reply in replies]
    assert found == [[sent[0]], [], [sent[1]]] * 2
    assert (await browser.call("list_inbox")).body == replies[2].body


async def test_a_foreign_or_ended_delegation_opens_nothing(app: App) -> None:
    """Neither that of another person, nor one that the citizen gave, nor a text that is none."""
    browser, stack = await logged_in(app), app.stack
    person = app.provider.fiscal_code
    foreign = await with_delegation(stack, OTHER_CITIZEN, STRANGER)
    given = await with_delegation(stack, person, STRANGER)
    ended = await with_delegation(stack, OTHER_CITIZEN, person)
    assert (await call(browser, ended, "list_inbox")).status == 200
    await stack.call("end_delegation", path={"id": ended}, citizen=OTHER_CITIZEN)

    for id_ in (foreign, given, ended, "0" * 26, "x", OTHER_CITIZEN, f"{ended},self"):
        reply = await call(browser, id_, "list_inbox")
        assert (reply.status, reply.body["title"]) == (403, "You are not allowed here"), id_


async def test_a_delegate_writes_and_is_logged_as_by_token(app: App) -> None:
    """The right ACT, the header against other sites, and the owner's access log."""
    browser, stack = await logged_in(app), app.stack
    reads = await with_delegation(stack, "MANUAL00A00A000A", app.provider.fiscal_code)
    acts = await with_delegation(
        stack, OTHER_CITIZEN, app.provider.fiscal_code, rights=["READ", "ACT"]
    )
    message = {"path": {"id": await stack.deliver(fiscal_code=OTHER_CITIZEN)}}
    body = {"change_type": "reading", "is_read": True}

    without = await browser.call(
        "change_message_status", body=body, headers={**OWN, "recapito-party": acts}, **message
    )
    other_site = {"sec-fetch-site": "cross-site"}
    foreign = await call(browser, acts, "list_inbox", headers=other_site)
    refused = await call(browser, reads, "change_message_status", body, **message)
    done = await call(browser, acts, "change_message_status", body, **message)
    log = (await stack.call("list_accesses", citizen=OTHER_CITIZEN)).body["items"]

    statuses = [one.status for one in (without, foreign, refused, done)]
    assert statuses == [403, 403, 403, 200]
    assert "MESSAGE_CHANGED" in [one["action"] for one in log]
    assert acts in str(log)


async def test_a_token_names_its_party_itself(app: App) -> None:
    """An app that sends the header beside its token would act in the wrong inbox."""
    tokens = await app.log_in()
    delegation = await with_delegation(app.stack, OTHER_CITIZEN, app.provider.fiscal_code)
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}

    for party, expected in ((delegation, 403), ("self", 200)):
        headers = {**bearer, "recapito-party": party}
        assert (await app.stack.call("list_inbox", key=None, headers=headers)).status == expected


async def test_the_party_of_a_register_gets_a_profile_at_the_first_call(app: App) -> None:
    """A page makes no exchange of tokens, and nobody logs in as a company."""
    browser, stack = await logged_in(app), app.stack
    await with_registered(stack, app.provider.fiscal_code, COMPANY)
    (party,) = (await browser.call("list_parties")).body["items"]
    assert await stack.app.repositories.profiles.settings(COMPANY) is None

    replies = [await call(browser, party["id"], "read_profile") for _ in range(2)]

    assert [one.body["fiscal_code"] for one in replies] == [COMPANY, COMPANY]
    assert await stack.app.repositories.profiles.settings(COMPANY) is not None
