"""A code serves once, for the app that asked for it and for nobody else."""

import asyncio
from datetime import timedelta

import pytest

from tests.functions.sign_in.app_calls import App, post_form
from tests.stack import Reply, Stack


def fault(reply: Reply) -> str:
    """Return the fault of a refusal (RFC 6749)."""
    assert reply.status == 400, reply
    assert reply.headers["content-type"] == "application/json"
    return str(reply.body["error"])


async def test_a_replayed_code_ends_the_tokens_that_it_gave(app: App) -> None:
    """Who comes second may be the owner, so nobody keeps a token."""
    code = await app.code()
    await app.exchange(code)
    before = await app.call("list_inbox")

    replayed = await app.exchange(code)

    assert before.status == 200
    assert fault(replayed) == "invalid_grant"
    assert (await app.call("list_inbox")).status == 401
    assert fault(await app.refresh()) == "invalid_grant"


async def test_a_code_that_is_exchanged_twice_at_once_ends_its_session(app: App) -> None:
    """One of the two is the first, and the other a replay."""
    code = await app.code()

    replies = await asyncio.gather(app.exchange(code), app.exchange(code))

    assert sorted(reply.status for reply in replies) == [200, 400]
    assert (await app.call("list_inbox")).status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-of-forty-three-characters-at-least"},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:49153/callback"},
        {"redirect_uri": ""},
        {"client_id": "another-app"},
        {"code": "x"},
        {"code": ""},
    ],
)
async def test_a_code_is_refused_to_who_did_not_ask_for_it(
    app: App, changes: dict[str, str]
) -> None:
    """A wrong verifier, address or client gets nothing, and takes nothing from the owner."""
    code = await app.code()

    refused = await app.exchange(**{"code": code, **changes})

    assert fault(refused) == "invalid_grant"
    assert (await app.exchange(code)).status == 200


@pytest.mark.parametrize("client_id", ["nobody", "", "a-page"])
async def test_an_unknown_client_gets_no_tokens(app: App, client_id: str) -> None:
    """A client that is not an app is named as the fault."""
    assert fault(await app.exchange(await app.code(), client_id=client_id)) == "invalid_client"


async def test_a_code_is_valid_for_a_minute(app: App) -> None:
    """An app exchanges its code at once."""
    code = await app.code()
    app.stack.clock.advance(timedelta(seconds=60))

    assert fault(await app.exchange(code)) == "invalid_grant"


@pytest.mark.parametrize("at", [3, 40, -3])
async def test_a_changed_code_is_refused_without_the_store(app: App, at: int) -> None:
    """A text that the app did not make costs no access to the store."""
    code = await app.code()
    changed = code[:at] + ("A" if code[at] != "A" else "B") + code[at:][1:]

    assert fault(await app.exchange(changed)) == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (b"grant_type=password&client_id=an-app", "unsupported_grant_type"),
        (b"client_id=an-app", "invalid_request"),
        (b"grant_type=refresh_token&grant_type=refresh_token", "invalid_request"),
        (b"grant_type=%ff\xff", "invalid_request"),
        (b"&".join(b"f%d=x" % number for number in range(40)), "invalid_request"),
        (b"code=" + b"x" * 5000, "invalid_request"),
    ],
)
async def test_a_faulty_form_is_refused(stack: Stack, form: bytes, expected: str) -> None:
    """The client learns what is wrong, in the words of RFC 6749."""
    assert fault(await post_form(stack, "exchange_token", form)) == expected


async def test_too_many_refused_tokens_of_one_address_are_refused(app: App) -> None:
    """An address may try a hundred wrong tokens in a minute."""
    tokens = await app.log_in()
    for _ in range(100):
        app.stack.app.sign_in.failed.admit("198.51.100.7")

    reply = await app.refresh(tokens["refresh_token"])

    assert reply.status == 429
