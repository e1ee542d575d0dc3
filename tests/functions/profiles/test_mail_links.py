"""Links in e-mails: one click leaves, one validates, and a look changes nothing."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from functions.queues.profiles import notify_former_address, send_validation_email
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, SERVICE_ID
from lib.ports.errors import PreconditionFailedError, UnavailableError
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED, EMAIL_VALIDATION_REQUESTED
from lib.ports.schema import PROFILES
from lib.ports.send_errors import NotSentError
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.builders.email_addresses import link_token
from tests.builders.profiles import ADDRESS, with_profile
from tests.stack import Reply, Stack, take
from tests.stored import delivery_status, stored_profile, stored_text

NEW = "new@example.org"


async def links_of(stack: Stack) -> tuple[str, str]:
    """Deliver a message; return the tokens that leave its service and all services."""
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    mail = stack.mailer.sent.pop()
    of_one, of_all = (
        line.rpartition("/")[2] for line in mail.text.splitlines() if "/unsubscribe/" in line
    )
    assert mail.unsubscribe.endswith(of_one)
    return of_one, of_all


async def show(stack: Stack, token: str, what: str = "unsubscribe") -> Reply:
    """Open the link as a browser does, with no key and no token of a citizen."""
    return await stack.call(f"show_{what}", path={"token": token}, key=None)


async def do(stack: Stack, token: str, what: str = "unsubscribe", body: bytes = b"") -> Reply:
    """Send its form, or what a mail program sends."""
    return await stack.call(
        f"do_{what}",
        body,
        path={"token": token},
        headers={"content-type": "application/x-www-form-urlencoded"},
        key=None,
    )


async def test_one_click_leaves_the_service(stack: Stack) -> None:
    """As mail programs send it (RFC 8058); again, it is as if it had come once."""
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


async def test_a_click_leaves_all_and_an_app_s_older_settings_do_not_undo_it(stack: Stack) -> None:
    """The settings have a new version; IO's app sends back what it had read."""
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


async def test_in_legacy_mode_the_service_goes_onto_the_list(stack: Stack) -> None:
    """Beside what is there."""
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


async def test_a_choice_the_citizen_made_keeps_what_else_it_says(stack: Stack) -> None:
    """E-mail alone is switched off."""
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


async def test_many_clicks_at_once_are_one(stack: Stack) -> None:
    """Whoever comes second looks again."""
    of_one, of_all = await links_of(stack)

    replies = await asyncio.gather(*(do(stack, token) for token in (of_one, of_all) * 10))

    assert {reply.status for reply in replies} == {200}
    assert (await stored_profile(stack, EMAIL_CITIZEN)).version == 1


async def test_a_look_changes_nothing(stack: Stack) -> None:
    """Scanners open links; the page has a form in two languages, and nobody's name."""
    of_one, of_all = await links_of(stack)
    before = await stored_profile(stack, EMAIL_CITIZEN)

    for token in (of_one, of_all):
        reply = await show(stack, token)
        assert reply.status == 200
        assert_page(reply, forms=2)

    assert before == await stored_profile(stack, EMAIL_CITIZEN)


class Page(HTMLParser):
    """What a browser, or a reader aloud, makes of a page."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.languages: list[str | None] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep tags, names of attributes, languages."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.languages += [value for name, value in attrs if name == "lang"]


def assert_page(reply: Reply, forms: int) -> None:
    """Find a page that the host's Content-Security-Policy lets be, and no name in it."""
    host = json.loads((Path(__file__).parents[3] / "host.json").read_text())
    headers = host["extensions"]["http"]["customHeaders"]
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(reply.body)
    assert not {"style", "script", "link", "img", "a"} & set(page.tags)
    assert not {"style", "action", "onclick"} & page.attributes
    assert page.tags.count("form") == page.tags.count("button") == forms
    assert page.languages == ["it", "it", "en"]
    assert page.tags.count("h1") == 1
    assert "title" in page.tags
    for name in (EMAIL_CITIZEN, ADDRESS, NEW, SERVICE_ID):
        assert name.encode() not in reply.body


async def unknown_tokens(stack: Stack) -> dict[str, str]:
    """Return tokens that are of no use for leaving, each for a reason of its own."""
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


async def test_whatever_is_wrong_the_answer_is_the_same(stack: Stack) -> None:
    """Nobody learns who has a profile or which address: 404 and one page for all."""
    tokens = await unknown_tokens(stack)
    before = await stored_profile(stack, EMAIL_CITIZEN)

    replies = {why: await do(stack, token) for why, token in tokens.items()}

    assert {reply.status for reply in replies.values()} == {404}
    assert len({reply.body for reply in replies.values()}) == 1
    assert_page(replies["made up"], forms=0)
    looked = await show(stack, "x")
    assert (looked.status, looked.body) == (404, replies["made up"].body)
    assert before == await stored_profile(stack, EMAIL_CITIZEN)


async def test_an_outage_is_told_and_may_be_tried_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503: mail programs come again."""
    of_one, _ = await links_of(stack)

    async def away(*_: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.app.repositories.profiles, "settings", away)
    assert (await do(stack, of_one)).status == 503
    monkeypatch.undo()
    assert (await do(stack, of_one)).status == 200


async def with_new_address(stack: Stack, email: str = NEW) -> None:
    """Give the citizen an address, as the app does; what the former address is told is dropped."""
    await change_address(stack, email)
    await stack.drain()
    stack.mailer.sent[:] = [one for one in stack.mailer.sent if "EMAIL_CHANGED" not in one.id]


async def change_address(stack: Stack, email: str) -> None:
    """Change the citizen's address."""
    version = (await stored_profile(stack, EMAIL_CITIZEN)).version
    body = {"version": version, "email": email}
    reply = await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)
    assert (reply.status, reply.body["is_email_validated"]) == (200, False)


async def request(stack: Stack, citizen: str = EMAIL_CITIZEN) -> Reply:
    """Ask for the validation e-mail."""
    return await stack.call("request_email_validation", citizen=citizen)


async def token_of(stack: Stack) -> str:
    """Ask for a validation e-mail and return its token."""
    assert (await request(stack)).status == 202
    await stack.drain()
    mail = stack.mailer.sent.pop()
    assert mail.to == (await stored_profile(stack, EMAIL_CITIZEN)).email
    (link,) = (line for line in mail.text.splitlines() if "/validate/" in line)
    return link.rpartition("/")[2]


async def test_an_address_is_validated_by_its_own_link(stack: Stack) -> None:
    """Nothing goes there before; a look at the link is no proof, its form is."""
    await with_new_address(stack)
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert not stack.mailer.sent
    token = await token_of(stack)

    looked = await show(stack, token, "validate_email")
    assert_page(looked, forms=2)
    assert not (await stored_profile(stack, EMAIL_CITIZEN)).is_email_validated
    for _ in range(2):
        done = await do(stack, token, "validate_email")
        assert done.status == 200
        assert_page(done, forms=0)

    read = await stack.call("read_profile", citizen=EMAIL_CITIZEN)
    assert read.body["is_email_validated"]
    assert "email_validation" not in read.body
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert [mail.to for mail in stack.mailer.sent] == [NEW]


async def test_a_link_is_of_its_address_and_of_its_day(stack: Stack) -> None:
    """Another address ends it, so does a day; neither says why."""
    await with_new_address(stack)
    token = await token_of(stack)
    await with_new_address(stack, "newer@example.org")
    assert (await do(stack, token, "validate_email")).status == 404
    assert not (await stored_profile(stack, EMAIL_CITIZEN)).is_email_validated

    stack.clock.advance(timedelta(minutes=1))
    token = await token_of(stack)
    stack.clock.advance(timedelta(hours=24, seconds=1))
    for answer in (show, do):
        assert (await answer(stack, token, "validate_email")).status == 404
    assert not (await stored_profile(stack, EMAIL_CITIZEN)).is_email_validated
    of_all = link_token(stack, "unsubscribe", EMAIL_CITIZEN, "newer@example.org")
    assert (await do(stack, of_all, "validate_email")).status == 404


async def test_within_a_minute_there_is_one_email(stack: Stack) -> None:
    """However often it is asked for; for another address the citizen waits."""
    await with_new_address(stack)
    replies = await asyncio.gather(*(request(stack) for _ in range(5)))
    assert {reply.status for reply in replies} == {202}
    await stack.drain()
    stack.clock.advance(timedelta(seconds=59))
    assert (await request(stack)).status == 202
    await stack.drain()
    assert len(stack.mailer.sent) == 1

    await with_new_address(stack, "newer@example.org")
    refused = await request(stack)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    stack.clock.advance(timedelta(seconds=1))
    assert (await request(stack)).status == 202
    await stack.drain()
    assert [mail.to for mail in stack.mailer.sent] == [NEW, "newer@example.org"]
    assert len({mail.id for mail in stack.mailer.sent}) == 2


async def test_a_request_that_died_before_its_put_is_completed_by_the_next(stack: Stack) -> None:
    """The same e-mail, which goes out once."""
    await with_new_address(stack)
    assert (await request(stack)).status == 202
    (lost,) = await take(stack.queue, EMAIL_VALIDATION_REQUESTED)
    await stack.queue.delete(EMAIL_VALIDATION_REQUESTED, lost)

    assert (await request(stack)).status == 202
    await stack.drain()

    assert len(stack.mailer.sent) == 1


@pytest.mark.parametrize(
    ("citizen", "status"),
    [("NOPROF00A00A000A", 404), (CITIZEN, 400), (EMAIL_CITIZEN, 400)],
)
async def test_where_there_is_nothing_to_validate(stack: Stack, citizen: str, status: int) -> None:
    """No profile, no address, or one that is validated."""
    assert (await request(stack, citizen)).status == status
    assert not await take(stack.queue, EMAIL_VALIDATION_REQUESTED)


async def test_the_validation_email_is_sent_once_and_when_it_can(stack: Stack) -> None:
    """A server that is away gets it later, from the same claim; a doubled item nothing."""
    await with_new_address(stack)
    assert (await request(stack)).status == 202
    (item,) = await take(stack.queue, EMAIL_VALIDATION_REQUESTED)
    await stack.queue.delete(EMAIL_VALIDATION_REQUESTED, item)
    assert "@" not in item.text
    stack.mailer.failure = NotSentError("away")
    await send_validation_email.consume(stack.app, item.text, last=False)
    stack.mailer.failure = None
    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    await asyncio.gather(
        *(send_validation_email.consume(stack.app, item.text, last=False) for _ in range(20))
    )

    (mail,) = stack.mailer.sent
    validation = mail.id.partition("-")[0]
    assert await delivery_status(stack, validation, "VALIDATION-EMAIL") == "SENT"


async def test_a_citizen_gets_five_validation_emails_a_day(stack: Stack) -> None:
    """To whatever addresses; the sixth is told when there is room again."""
    for number in range(5):
        await with_new_address(stack, f"address{number}@example.org")
        assert (await request(stack)).status == 202
        await stack.drain()
        stack.clock.advance(timedelta(minutes=2))
    await with_new_address(stack, "one-more@example.org")

    refused = await request(stack)
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) == 24 * 3600 - 10 * 60
    stack.clock.advance(timedelta(hours=24, minutes=-10))
    assert (await request(stack)).status == 202
    await stack.drain()
    assert len(stack.mailer.sent) == 6


async def test_an_address_gets_five_validation_emails_a_day(stack: Stack) -> None:
    """Of whatever citizens, however the address is spelled."""
    statuses = []
    for number in range(6):
        citizen = f"SNDMAL1{number}A01H501A"
        email = "Victim@Example.org" if number % 2 else "victim@example.org"
        body = {"version": 0, "email": email, "is_inbox_enabled": True}
        assert (await stack.call("update_profile", body, citizen=citizen)).status == 200
        statuses.append((await request(stack, citizen)).status)

    assert statuses == [202] * 5 + [429]
    await stack.drain()
    assert len(stack.mailer.sent) == 5
    stack.clock.advance(timedelta(hours=24))
    assert (await request(stack, "SNDMAL15A01H501A")).status == 202


async def test_a_lost_write_counts_an_address_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request that runs again after a conflict uses up one e-mail of the address, not two."""
    citizens = [f"SNDMAL2{number}A01H501A" for number in range(6)]
    for citizen in citizens:
        body = {"version": 0, "email": "victim@example.org", "is_inbox_enabled": True}
        assert (await stack.call("update_profile", body, citizen=citizen)).status == 200
    profiles = stack.app.repositories.profiles
    note, lost = profiles.note_validation, [True, True, True]

    async def losing(*arguments: Any) -> None:
        if lost:
            lost.pop()
            raise PreconditionFailedError
        await note(*arguments)

    monkeypatch.setattr(profiles, "note_validation", losing)
    statuses = [(await request(stack, citizen)).status for citizen in citizens]

    assert statuses == [202] * 5 + [429]


async def with_validated_address(stack: Stack, email: str) -> None:
    """Give the citizen an address and validate it by its link."""
    stack.clock.advance(timedelta(minutes=2))
    await with_new_address(stack, email)
    done = await do(stack, await token_of(stack), "validate_email")
    assert done.status == 200
    stack.mailer.sent.clear()


@pytest.mark.parametrize("new", ["newer@example.org", None])
async def test_a_validated_address_that_leaves_is_told_once(stack: Stack, new: str | None) -> None:
    """Replaced or taken away; the e-mail names neither citizen nor new address."""
    await with_validated_address(stack, NEW)
    version = (await stored_profile(stack, EMAIL_CITIZEN)).version
    body = {"version": version, "email": new}
    for _ in range(2):
        reply = await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)
        assert reply.status == 200
    assert reply.body.get("email") == new
    items = await take(stack.queue, EMAIL_ADDRESS_CHANGED)
    assert not any("@" in item.text for item in items)
    for item in items:
        for _ in range(2):
            await notify_former_address.consume(stack.app, item.text, last=False)

    (mail,) = stack.mailer.sent
    assert mail.to == NEW
    assert not any(said in mail.text for said in (EMAIL_CITIZEN, "newer", "http"))
    assert NEW not in await stored_text(stack, PROFILES, EMAIL_CITIZEN, PROFILE_ID)


async def test_an_address_that_left_is_told_though_two_items_meet(stack: Stack) -> None:
    """The second comes while the first sends, whose mail server then fails: it tries again."""
    await with_validated_address(stack, NEW)
    await change_address(stack, "newer@example.org")
    (item,) = await take(stack.queue, EMAIL_ADDRESS_CHANGED)
    is_sending, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(_: object) -> None:
        is_sending.set()
        await goes_on.wait()
        raise NotSentError("away")

    send, stack.mailer.send = stack.mailer.send, slow  # type: ignore[method-assign,assignment]
    first = asyncio.create_task(notify_former_address.consume(stack.app, item.text, last=False))
    await is_sending.wait()
    await notify_former_address.consume(stack.app, item.text, last=False)
    goes_on.set()
    await first
    stack.mailer.send = send  # type: ignore[method-assign]
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()

    assert [mail.to for mail in stack.mailer.sent] == [NEW]
    assert NEW not in await stored_text(stack, PROFILES, EMAIL_CITIZEN, PROFILE_ID)


async def test_an_address_that_left_is_told_after_an_update_that_died(stack: Stack) -> None:
    """Before its put: the next update of any setting queues it, and the address is not lost."""
    await with_validated_address(stack, NEW)
    await change_address(stack, "newer@example.org")
    for lost in await take(stack.queue, EMAIL_ADDRESS_CHANGED):
        await stack.queue.delete(EMAIL_ADDRESS_CHANGED, lost)

    version = (await stored_profile(stack, EMAIL_CITIZEN)).version
    await stack.call("update_profile", {"version": version}, citizen=EMAIL_CITIZEN)
    await stack.drain()

    assert [mail.to for mail in stack.mailer.sent] == [NEW]


async def test_an_address_that_was_never_validated_is_not_told(stack: Stack) -> None:
    """It may be anybody's."""
    await with_new_address(stack)
    await change_address(stack, "newer@example.org")
    await stack.drain()

    assert not stack.mailer.sent


@pytest.mark.parametrize("why", ["validated", "changed", "asked anew", "late"])
async def test_a_validation_that_is_idle_is_not_sent(stack: Stack, why: str) -> None:
    """OBSOLETE, or EXPIRED after the day its link would have."""
    await with_new_address(stack)
    stack.mailer.failure = NotSentError("away")
    assert (await request(stack)).status == 202
    await stack.drain()
    profiles = stack.app.repositories.profiles
    stored = await profiles.settings(EMAIL_CITIZEN)
    assert stored is not None
    noted = stored.settings.validation
    assert noted is not None
    match why:
        case "validated":
            await with_profile(stack, EMAIL_CITIZEN, is_email_validated=True)
        case "changed":
            await with_profile(stack, EMAIL_CITIZEN, email="newer@example.org")
        case "asked anew":
            another = replace(noted, id="01J0000000000000000000000A")
            await profiles.note_validation(EMAIL_CITIZEN, another, stored.etag)
    stack.mailer.failure = None

    stack.clock.advance(timedelta(hours=25) if why == "late" else timedelta(seconds=30))
    await stack.drain()

    assert not stack.mailer.sent
    status = await delivery_status(stack, noted.id, "VALIDATION-EMAIL")
    assert status == ("EXPIRED" if why == "late" else "OBSOLETE")
