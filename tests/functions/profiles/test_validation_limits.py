"""Validation e-mails are limited by citizen and by address."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from lib.ports.errors import PreconditionFailedError
from tests.functions.profiles.mail_links import (
    NEW,
    request,
    with_new_address,
)
from tests.stack import Stack


async def test_one_validation_email_is_sent_in_a_minute(stack: Stack) -> None:
    """Repeated requests send one e-mail a minute; another address within it gets 429."""
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


async def test_a_citizen_gets_five_validation_emails_a_day(stack: Stack) -> None:
    """The sixth request of a citizen in 24 hours gets 429, whatever the addresses."""
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
    """The sixth request for an address in 24 hours gets 429, in any spelling, by any citizen."""
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
    """A request that runs again after a conflict counts one e-mail to the address."""
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
