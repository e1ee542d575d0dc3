"""The link in a validation e-mail proves that an address is the citizen's."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.queues.profiles import send_validation_email
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.ports.queueing.names import EMAIL_VALIDATION_REQUESTED
from lib.ports.send_errors import NotSentError
from tests.builders.email_addresses import link_token
from tests.builders.profiles import with_profile
from tests.functions.profiles.mail_links import (
    NEW,
    assert_page,
    do,
    request,
    show,
    token_of,
    with_new_address,
)
from tests.stack import Stack, take
from tests.stored import delivery_status, stored_profile


async def test_an_address_is_validated_by_its_own_link(stack: Stack) -> None:
    """The form behind the link validates the address; opening the link does not."""
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


async def test_a_validation_link_ends_with_its_address_and_its_day(stack: Stack) -> None:
    """A new address and the end of a day both end the link, with 404."""
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


async def test_a_lost_validation_item_is_queued_by_the_next_request(stack: Stack) -> None:
    """The next request queues the same validation e-mail, which is sent once."""
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
async def test_no_e_mail_is_sent_without_an_address_to_validate(
    stack: Stack, citizen: str, status: int
) -> None:
    """A citizen without profile, without address or with a validated address gets no e-mail."""
    assert (await request(stack, citizen)).status == status
    assert not await take(stack.queue, EMAIL_VALIDATION_REQUESTED)


async def test_a_validation_email_is_sent_once_after_an_outage(stack: Stack) -> None:
    """A validation e-mail is sent when the mail server is back, and once for repeated items."""
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
    status = await delivery_status(stack, validation, "VALIDATION-EMAIL", EMAIL_CITIZEN)
    assert status == "SENT"


@pytest.mark.parametrize("why", ["validated", "changed", "asked anew", "late"])
async def test_a_pointless_validation_email_is_not_sent(stack: Stack, why: str) -> None:
    """An e-mail whose link would prove nothing any more ends as OBSOLETE or EXPIRED."""
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
    status = await delivery_status(stack, noted.id, "VALIDATION-EMAIL", EMAIL_CITIZEN)
    assert status == ("EXPIRED" if why == "late" else "OBSOLETE")
