"""The links in e-mails end the e-mails of one service or of all services."""

import asyncio

import pytest

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, SERVICE_ID
from lib.ports.errors import UnavailableError
from tests.builders.email_addresses import link_token
from tests.builders.profiles import ADDRESS, with_profile
from tests.functions.profiles.mail_links import (
    NEW,
    Page,
    assert_page,
    do,
    show,
)
from tests.stack import Stack
from tests.stored import stored_profile


async def links_of(stack: Stack) -> tuple[str, str]:
    """Deliver a message; return the tokens of its two unsubscribe links: one service, and all."""
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    mail = stack.mailer.sent.pop()
    of_one, of_all = (
        line.rpartition("/")[2] for line in mail.text.splitlines() if "/unsubscribe/" in line
    )
    assert mail.unsubscribe.endswith(of_one)
    return of_one, of_all


async def test_one_click_ends_the_e_mails_of_the_service(stack: Stack) -> None:
    """One click (RFC 8058) switches off e-mail of the service alone, and may be repeated."""
    of_one, _ = await links_of(stack)

    for _ in range(3):
        reply = await do(stack, of_one, body=b"List-Unsubscribe=One-Click")
        assert reply.status == 200

    choice = await stack.app.repositories.profiles.preference(EMAIL_CITIZEN, SERVICE_ID)
    assert choice is not None
    assert not choice.is_email_enabled
    assert choice.is_inbox_enabled
    assert choice.is_webhook_enabled
    assert (await stored_profile(stack, EMAIL_CITIZEN)).is_email_enabled
    stack.push.sent.clear()
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert not stack.mailer.sent
    assert len(stack.push.sent) == 1


async def test_older_settings_do_not_undo_a_click_that_ends_all_e_mails(stack: Stack) -> None:
    """The settings get a new version, so that an update of the version before gets 409."""
    _, of_all = await links_of(stack)
    before = await stored_profile(stack, EMAIL_CITIZEN)

    assert (await do(stack, of_all)).status == 200
    after = await stored_profile(stack, EMAIL_CITIZEN)
    assert (await do(stack, of_all)).status == 200

    assert await stored_profile(stack, EMAIL_CITIZEN) == after
    assert after.version == before.version + 1
    assert not after.is_email_enabled
    assert after.is_email_validated
    body = {"version": before.version, "is_email_enabled": True}
    assert (await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 409
    body["version"] = after.version
    assert (await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 200
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert len(stack.mailer.sent) == 1


async def test_in_legacy_mode_a_click_blocks_the_channel_of_the_service(stack: Stack) -> None:
    """A click adds EMAIL to the channels that the profile blocks."""
    await with_profile(
        stack,
        EMAIL_CITIZEN,
        service_preferences_settings={"mode": "LEGACY", "version": -1},
        blocked_inbox_or_channels={"another": ["INBOX"], SERVICE_ID: ["WEBHOOK"]},
    )
    of_one, _ = await links_of(stack)

    for _ in range(2):
        assert (await do(stack, of_one)).status == 200

    assert (await stored_profile(stack, EMAIL_CITIZEN)).blocked == {
        "another": ("INBOX",),
        SERVICE_ID: ("EMAIL", "WEBHOOK"),
    }


async def test_a_click_keeps_the_rest_of_a_choice(stack: Stack) -> None:
    """A click switches off e-mail in the citizen's choice, and nothing else."""
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled"), True)
    body = {**flags, "is_webhook_enabled": False, "settings_version": 0}
    path = {"service_id": SERVICE_ID}
    await stack.call("change_service_preference", body, path=path, citizen=EMAIL_CITIZEN)
    of_one, _ = await links_of(stack)

    assert (await do(stack, of_one)).status == 200

    reply = await stack.call("read_service_preference", path=path, citizen=EMAIL_CITIZEN)
    assert not reply.body["is_email_enabled"]
    assert reply.body["is_inbox_enabled"]
    assert not reply.body["is_webhook_enabled"]


async def test_many_clicks_at_once_count_as_one(stack: Stack) -> None:
    """Clicks at the same time all succeed and make one new version."""
    of_one, of_all = await links_of(stack)

    replies = await asyncio.gather(*(do(stack, token) for token in (of_one, of_all) * 10))

    assert {reply.status for reply in replies} == {200}
    assert (await stored_profile(stack, EMAIL_CITIZEN)).version == 1


async def test_opening_an_unsubscribe_link_changes_nothing(stack: Stack) -> None:
    """The page has a form in two languages, and names neither citizen nor service."""
    of_one, of_all = await links_of(stack)
    before = await stored_profile(stack, EMAIL_CITIZEN)

    for token in (of_one, of_all):
        reply = await show(stack, token)
        assert reply.status == 200
        assert_page(reply, forms=2)

    assert before == await stored_profile(stack, EMAIL_CITIZEN)


async def unknown_tokens(stack: Stack) -> dict[str, str]:
    """Return tokens that must not unsubscribe, by the reason."""
    of_one, _ = await links_of(stack)
    return {
        "made up": "x",
        "empty": "",
        "changed": f"{of_one[:-3]}AAA",
        "too long": of_one * 20,
        "not ours": "ü" * 10,
        "for validating": link_token(stack, "validate", EMAIL_CITIZEN, ADDRESS),
        "of another address": link_token(stack, "unsubscribe", EMAIL_CITIZEN, NEW),
        "of nobody": link_token(stack, "unsubscribe", "NOPROF00A00A000A", ADDRESS),
        "of one without an address": link_token(stack, "unsubscribe", CITIZEN, ADDRESS),
    }


async def test_every_wrong_token_gets_the_same_answer(stack: Stack) -> None:
    """Each wrong token gets 404 and the same page, so that it reveals no profile or address."""
    tokens = await unknown_tokens(stack)
    before = await stored_profile(stack, EMAIL_CITIZEN)

    replies = {why: await do(stack, token) for why, token in tokens.items()}

    assert {reply.status for reply in replies.values()} == {404}
    assert len({reply.body for reply in replies.values()}) == 1
    assert_page(replies["made up"], forms=0)
    looked = await show(stack, "x")
    assert (looked.status, looked.body) == (404, replies["made up"].body)
    assert before == await stored_profile(stack, EMAIL_CITIZEN)


async def test_a_click_during_an_outage_may_be_repeated(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click gets 503 during an outage, and the same click succeeds after it."""
    of_one, _ = await links_of(stack)

    async def away(*_: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.app.repositories.profiles, "settings", away)
    assert (await do(stack, of_one)).status == 503
    monkeypatch.undo()
    assert (await do(stack, of_one)).status == 200


@pytest.mark.parametrize(
    ("accepted", "languages"),
    [
        ("sl-SI,sl;q=0.9,en;q=0.8", ["sl", "sl", "it", "en"]),
        ("pt;q=1, de-AT;q=0.5, fr;q=0.2", ["de", "de", "it", "en"]),
        ("en", ["en", "en", "it"]),
        ("fur, de", ["it", "it", "en"]),
        ("de;q=0, *;q=nonsense, ;;, \x00", ["it", "it", "en"]),
    ],
)
async def test_the_page_is_in_the_language_of_the_browser(
    stack: Stack, accepted: str, languages: list[str]
) -> None:
    """Italian and English stand below it."""
    headers = {"accept-language": accepted}
    reply = await stack.call("show_unsubscribe", path={"token": "wrong"}, headers=headers, key=None)

    assert (reply.status, Page(reply.body).languages) == (404, languages)
