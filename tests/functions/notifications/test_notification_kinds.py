"""Each kind of notification has its own text, its own claim and its own end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.domain.shared.values import timestamp
from tests.builders.altered import with_message
from tests.builders.payments import a_payment
from tests.builders.profiles import with_preference
from tests.doubles.clock import START
from tests.functions.notifications.email_calls import ask, delivered, status
from tests.stack import Stack

DUE = {"due_date": "2026-11-25T22:59:59Z", "payment_data": a_payment()}


async def test_each_reminder_step_is_sent_once_by_each_channel(stack: Stack) -> None:
    """Each step is sent once by each channel, with the words of the day of its sending."""
    id_ = await delivered(stack, content=DUE)

    for step, days in (("D-3", 0), ("D-1", 1), ("D", 1)):
        stack.clock.advance(timedelta(days=days))
        for channel in ("PUSH", "EMAIL", "PUSH", "EMAIL"):
            await ask(stack, id_, kind="REMINDER", step=step, channel=channel, full=False)

    titles = [
        "Hai un avviso da pagare",
        "Hai un avviso che scade domani",
        "Hai un avviso che scade oggi",
    ]
    assert titles == [push.title for push in stack.push.sent]
    assert titles == [mail.subject for mail in stack.mailer.sent]
    ids = [f"{id_}-REMINDER-{step}-PUSH" for step in ("D-3", "D-1", "D")]
    assert ids == [push.id for push in stack.push.sent]
    assert await status(stack, id_, "REMINDER-D-1-EMAIL") == "SENT"


async def test_a_late_reminder_names_the_right_day(stack: Stack) -> None:
    """A reminder that is two days late says that the due date is tomorrow."""
    id_ = await delivered(stack, content=DUE)
    stack.clock.advance(timedelta(days=1))

    await ask(stack, id_, kind="REMINDER", step="D-3", channel="PUSH")

    (push,) = stack.push.sent
    assert push.title == "Hai un avviso che scade domani"
    assert push.body == "Entra nell'app e paga l'avviso emesso da Comune di Esempio"


async def test_a_reminder_after_the_due_date_is_not_sent(stack: Stack) -> None:
    """A reminder ends as EXPIRED from midnight in Rome on."""
    id_ = await delivered(stack, content=DUE)
    stack.clock.moment = datetime(2026, 11, 25, 22, 59, 59, tzinfo=UTC)
    await ask(stack, id_, kind="REMINDER", step="a", channel="PUSH")
    stack.clock.moment += timedelta(seconds=1)
    await ask(stack, id_, kind="REMINDER", step="b", channel="PUSH")

    assert await status(stack, id_, "REMINDER-a-PUSH") == "SENT"
    assert await status(stack, id_, "REMINDER-b-PUSH") == "EXPIRED"


@pytest.mark.parametrize("channel", ["PUSH", "EMAIL"])
@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("MESSAGE", {"status": "FAILED"}, "OBSOLETE"),
        ("REMINDER", {"status": "REJECTED"}, "OBSOLETE"),
        ("MESSAGE", {"is_archived": True, "is_read": True}, "SENT"),
        ("DIGEST", {"is_archived": True, "is_read": True}, "SENT"),
        ("UNREAD", {"is_read": True}, "OBSOLETE"),
        ("UNREAD", {"is_archived": True}, "OBSOLETE"),
        ("UNREAD", {}, "SENT"),
        ("REMINDER", {"is_archived": True}, "OBSOLETE"),
        ("REMINDER", {"payment_status": "PAID"}, "OBSOLETE"),
        ("REMINDER", {"payment_status": "CANCELLED"}, "OBSOLETE"),
        ("REMINDER", {"is_read": True, "payment_status": "NOT_PAID"}, "SENT"),
    ],
)
async def test_a_settled_message_is_not_announced(
    stack: Stack, kind: str, changes: dict[str, Any], channel: str, expected: str
) -> None:
    """A message that is archived, paid, cancelled or failed is not announced."""
    id_ = await delivered(stack, content=DUE)
    await with_message(stack, id_, EMAIL_CITIZEN, **changes)

    await ask(stack, id_, kind=kind, step="s", channel=channel)

    assert await status(stack, id_, f"{kind}-s-{channel}") == expected
    assert len(stack.push.sent) + len(stack.mailer.sent) == (expected == "SENT")


@pytest.mark.parametrize("kind", ["MESSAGE", "UNREAD", "REMINDER", "DIGEST"])
async def test_until_ends_each_kind_and_time_to_live_the_announcement(
    stack: Stack, kind: str
) -> None:
    """The time to live ends the announcement alone, since reminders come days later."""
    id_ = await delivered(stack, content=DUE, time_to_live=3600)
    stack.clock.advance(timedelta(hours=2))

    await ask(stack, id_, kind=kind, step="a")
    await ask(stack, id_, kind=kind, step="b", until=START.timestamp())
    await ask(stack, id_, kind=kind, step="c", until=stack.clock.now().timestamp())

    late = "EXPIRED" if kind == "MESSAGE" else "SENT"
    assert await status(stack, id_, f"{kind}-a-EMAIL") == late
    assert await status(stack, id_, f"{kind}-b-EMAIL") == "EXPIRED"
    assert await status(stack, id_, f"{kind}-c-EMAIL") == late


async def test_a_digest_counts_and_names_no_service(stack: Stack) -> None:
    """A digest has the number of messages, no service, and one link that ends all e-mails."""
    id_ = await delivered(stack)
    await with_preference(stack, EMAIL_CITIZEN, is_email_enabled=False)

    await ask(stack, id_, kind="DIGEST", step="2026-11-23", count=4)

    (mail,) = stack.mailer.sent
    assert mail.subject == "Hai 4 nuovi messaggi"
    assert mail.text.count("/api/mail/v1/unsubscribe/") == 1
    assert "Esempio" not in mail.text


async def test_a_reminder_without_a_due_date_asks_to_read_the_message(stack: Stack) -> None:
    """A reminder of a due date that was removed names no date."""
    id_ = await delivered(stack, content={"due_date": timestamp(START + timedelta(days=3))})
    await with_message(stack, id_, EMAIL_CITIZEN, due_date=None)

    await ask(stack, id_, kind="REMINDER", step="D-3", channel="PUSH", full=False)

    assert [push.title for push in stack.push.sent] == ["Promemoria: un messaggio ti aspetta"]


async def test_reminders_come_by_both_channels(stack: Stack) -> None:
    """Each reminder comes once by push and once by e-mail, and none after the payment."""
    content = {"due_date": "2026-12-01T22:59:59Z", "payment_data": a_payment()}
    id_ = await delivered(stack, content=content)

    for day in (28, 30, 31):
        stack.clock.moment = datetime(2026, 11, 1, 9, 0, tzinfo=UTC) + timedelta(days=day - 1)
        for _ in range(3):
            await stack.tick()
    await with_message(stack, id_, EMAIL_CITIZEN, payment_status="PAID")
    await ask(stack, id_, kind="REMINDER", step="late", channel="EMAIL")

    pushes = [push.title for push in stack.push.sent]
    assert pushes == [mail.subject for mail in stack.mailer.sent]
    assert pushes[-2:] == ["Hai un avviso che scade domani", "Hai un avviso che scade oggi"]
    assert pushes[0] == "Hai un avviso da pagare"
    assert len({mail.id for mail in stack.mailer.sent}) == len(pushes)
