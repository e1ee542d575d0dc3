"""Push and e-mail of a notification count as one, and have one decision."""

from datetime import timedelta

from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.domain.services.service import Group
from lib.ports.send_errors import NotSentError
from tests.builders.messages import a_message, submitted
from tests.builders.profiles import with_profile
from tests.builders.services import with_groups
from tests.functions.notifications.evenings import evening
from tests.stack import Stack
from tests.stored import delivery_status

A_WEEK = 604_800


async def test_push_and_email_count_as_one_notification(stack: Stack) -> None:
    """Push and e-mail share one decision, and the digest comes by both."""
    await with_profile(stack, EMAIL_CITIZEN, max_daily_notifications=4)
    ids = [await stack.deliver(fiscal_code=EMAIL_CITIZEN) for _ in range(4)]

    assert [push.message_id for push in stack.push.sent] == ids[:2]
    assert [mail.message_id for mail in stack.mailer.sent] == ids[:2]
    assert await delivery_status(stack, ids[2], "MESSAGE-EMAIL", EMAIL_CITIZEN) == "HELD"
    stack.mailer.sent.clear()

    assert await evening(stack) == ["Hai 2 nuovi messaggi"]
    (mail,) = stack.mailer.sent
    assert mail.subject == "Hai 2 nuovi messaggi"
    assert "Esempio" not in mail.text + mail.html


async def test_both_channels_have_one_decision_over_midnight(stack: Stack) -> None:
    """An e-mail that waits until the next day has the decision of its push, and takes no room."""
    await with_profile(stack, EMAIL_CITIZEN, max_daily_notifications=1)
    stack.mailer.failure = NotSentError("away")
    sent, held = [
        await stack.deliver(fiscal_code=EMAIL_CITIZEN, time_to_live=A_WEEK) for _ in range(2)
    ]
    stack.mailer.failure = None
    stack.clock.advance(timedelta(days=1))
    await stack.drain()

    assert [mail.message_id for mail in stack.mailer.sent] == [sent]
    assert await delivery_status(stack, held, "MESSAGE-EMAIL", EMAIL_CITIZEN) == "HELD"
    assert len(stack.push.sent) == 1
    again = await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert [push.message_id for push in stack.push.sent] == [sent, again]


async def test_a_channel_waits_for_the_decision_about_the_other(stack: Stack) -> None:
    """An e-mail without room waits until its push was certainly let through, and follows it."""
    await with_profile(stack, EMAIL_CITIZEN, max_daily_notifications=3)
    key = await with_groups(stack, Group.MESSAGE_WRITE, service_id="another-service")
    own = {await stack.submit(fiscal_code=EMAIL_CITIZEN) for _ in range(2)}
    body = a_message(fiscal_code=EMAIL_CITIZEN)
    other = (await stack.call("submit_message", body, key=key)).body["id"]
    # after the last one, a message of the first service would have no room
    for id_ in (*own, other):
        await stack.app.messages.fan_out(submitted(id_, EMAIL_CITIZEN))

    for seconds, mails in ((0, {other}), (31, {other}), (61, {other, *own})):
        stack.clock.advance(timedelta(seconds=seconds))
        await stack.drain()
        assert {mail.message_id for mail in stack.mailer.sent} == mails
    assert {push.message_id for push in stack.push.sent} == {other, *own}
