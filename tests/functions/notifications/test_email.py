"""E-mail beside the push: who gets one, once, and what makes it idle."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.queues.notifications import send_email, send_notification
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, SERVICE_ID
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items import NotificationRequested
from lib.ports.queueing.names import EMAIL_REQUESTED
from lib.ports.schema import DELIVERIES
from lib.ports.send_errors import NotSentError, RefusedError
from tests.builders.altered import with_message
from tests.builders.payments import a_payment
from tests.builders.profiles import with_preference, with_profile
from tests.doubles.clock import START
from tests.stack import Stack, take
from tests.stored import delivery_status

ADDRESS = "emails@example.org"


async def status(stack: Stack, message_id: str, claim: str = "MESSAGE-EMAIL") -> str | None:
    """Return what became of the e-mail, None where nobody has claimed it."""
    return await delivery_status(stack, message_id, claim)


async def ask(stack: Stack, message_id: str, **changes: Any) -> None:
    """Run a request for a notification."""
    item = NotificationRequested.model_validate(
        {
            "fiscal_code": EMAIL_CITIZEN,
            "message_id": message_id,
            "kind": "MESSAGE",
            "channel": "EMAIL",
            "full": True,
            **changes,
        }
    )
    consumer = send_email if item.channel == "EMAIL" else send_notification
    await consumer.consume(stack.app, item.text(), last=False)


async def delivered(stack: Stack, **changes: Any) -> str:
    """Deliver a message to the citizen with an address and forget what announced it."""
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN, **changes)
    stack.push.sent.clear()
    stack.mailer.sent.clear()
    return id_


async def test_an_email_goes_out_beside_the_push_and_is_recorded(stack: Stack) -> None:
    """To the citizen's address, with the sender and the subject where previews are wanted."""
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN, content={"payment_data": a_payment()})

    (mail,) = stack.mailer.sent
    assert (mail.to, mail.message_id, mail.id) == (ADDRESS, id_, f"{id_}-MESSAGE-EMAIL")
    assert mail.subject == "Comune di Esempio: Tassa sui rifiuti"
    assert "84,50 €" in mail.text
    assert mail.unsubscribe.startswith("http://127.0.0.1:7071/api/mail/v1/unsubscribe/")
    assert mail.unsubscribe in mail.text
    assert "Entra nell'app" in mail.html
    assert "trova" not in mail.text
    assert len(stack.push.sent) == 1
    assert await status(stack, id_) == "SENT"


@pytest.mark.parametrize("language", ["it_IT", "de_DE"])
async def test_it_is_in_the_citizen_s_language_as_the_push_is(stack: Stack, language: str) -> None:
    """The first of their own."""
    await with_profile(
        stack,
        EMAIL_CITIZEN,
        preferred_languages=[language],
        push_notifications_content_type="ANONYMOUS",
    )
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)

    expected = {"it_IT": "Hai un nuovo messaggio", "de_DE": "Du hast eine neue Nachricht"}[language]
    (mail,), (push,) = stack.mailer.sent, stack.push.sent
    assert mail.subject == push.title == expected
    assert "Esempio" not in mail.text + mail.html


@pytest.mark.parametrize(
    "changes",
    [
        {"is_email_enabled": False},
        {"is_email_validated": False},
        {"is_email_validated": ...},
        {"email": ...},
        {
            "service_preferences_settings": {"mode": "LEGACY", "version": -1},
            "blocked_inbox_or_channels": {SERVICE_ID: ["EMAIL"]},
        },
    ],
)
async def test_who_does_not_want_email_gets_none(stack: Stack, changes: dict[str, Any]) -> None:
    """Nothing is even asked for; the push is as before."""
    await with_profile(stack, EMAIL_CITIZEN, **changes)

    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)

    assert not stack.mailer.sent
    assert await status(stack, id_) is None
    assert len(stack.push.sent) == 1


async def test_email_blocked_for_the_service_is_blocked(stack: Stack) -> None:
    """In AUTO mode too, where IO does not look; an earlier settings version's choice is void."""
    await with_preference(stack, EMAIL_CITIZEN, is_email_enabled=False)
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert not stack.mailer.sent

    await with_preference(stack, EMAIL_CITIZEN, version=-1, is_email_enabled=False)
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert len(stack.mailer.sent) == 1


async def test_a_message_for_secure_channels_is_not_emailed(stack: Stack) -> None:
    """Its push stays, anonymous."""
    await stack.deliver(fiscal_code=EMAIL_CITIZEN, content={"require_secure_channels": True})

    assert not stack.mailer.sent
    assert [push.title for push in stack.push.sent] == ["Hai un nuovo messaggio"]


async def test_no_queue_item_names_an_address(stack: Stack) -> None:
    """It is read when the e-mail is sent."""
    id_ = await stack.submit(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = NotSentError("away")
    await stack.drain()
    stack.clock.advance(timedelta(seconds=30))

    (item,) = await take(stack.queue, EMAIL_REQUESTED)

    assert id_ in item.text
    assert "@" not in item.text


@pytest.mark.parametrize(
    "changes",
    [
        {"is_email_enabled": False},
        {"is_email_validated": False},
        {"email": ...},
        {
            "service_preferences_settings": {"mode": "LEGACY", "version": -1},
            "blocked_inbox_or_channels": {SERVICE_ID: ["EMAIL"]},
        },
    ],
)
async def test_a_choice_made_before_it_is_sent_holds(stack: Stack, changes: dict[str, Any]) -> None:
    """The e-mail was asked for, and is OBSOLETE."""
    stack.mailer.failure = NotSentError("away")
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = None
    await with_profile(stack, EMAIL_CITIZEN, **changes)

    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    assert not stack.mailer.sent
    assert await status(stack, id_) == "OBSOLETE"


async def test_previews_taken_back_and_a_new_address_hold_too(stack: Stack) -> None:
    """What is read when it is sent is the last that the citizen chose."""
    stack.mailer.failure = NotSentError("away")
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = None
    await with_profile(
        stack, EMAIL_CITIZEN, email="new@example.org", push_notifications_content_type="ANONYMOUS"
    )

    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    (mail,) = stack.mailer.sent
    assert (mail.to, mail.subject) == ("new@example.org", "Hai un nuovo messaggio")


async def test_many_requests_for_one_email_send_one(stack: Stack) -> None:
    """Redelivered, doubled, all at once."""
    id_ = await delivered(stack)
    await stack.store.delete(DELIVERIES, id_, "MESSAGE-EMAIL")

    await asyncio.gather(*(ask(stack, id_) for _ in range(50)))

    assert len(stack.mailer.sent) == 1


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (UnavailableError("timed out"), "UNCONFIRMED"),
        (RefusedError("no such address"), "FAILED"),
        (ValueError(ADDRESS), "FAILED"),
    ],
)
async def test_what_became_of_it_is_recorded_and_not_tried_again(
    stack: Stack, caplog: pytest.LogCaptureFixture, failure: Exception, expected: str
) -> None:
    """The push does not suffer from it, and no log names the address."""
    stack.mailer.failure = failure
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = None

    await ask(stack, id_)

    assert not stack.mailer.sent
    assert await status(stack, id_) == expected
    assert await status(stack, id_, "MESSAGE-PUSH") == "SENT"
    assert ADDRESS not in caplog.text


async def test_without_a_mail_server_no_email_is_asked_for(stack: Stack) -> None:
    """As without a push service no push is."""
    await stack.app.close()
    bare = Stack(stack.app.settings.data_folder, mailer=None)

    id_ = await bare.deliver(fiscal_code=EMAIL_CITIZEN)

    assert await status(bare, id_) is None
    assert await status(bare, id_, "MESSAGE-PUSH") == "SENT"
    reply = await bare.call("request_email_validation", citizen=EMAIL_CITIZEN)
    assert reply.status == 503
    stack.app = bare.app


DUE = {"due_date": "2026-11-25T22:59:59Z", "payment_data": a_payment()}


async def test_steps_are_claims_of_their_own(stack: Stack) -> None:
    """Each step once for each channel; what it says is of the day on which it is sent."""
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


async def test_an_item_s_word_for_the_day_does_not_count(stack: Stack) -> None:
    """A reminder of three days before that is late by two says tomorrow."""
    id_ = await delivered(stack, content=DUE)
    stack.clock.advance(timedelta(days=1))

    await ask(stack, id_, kind="REMINDER", step="D-3", channel="PUSH")

    (push,) = stack.push.sent
    assert push.title == "Hai un avviso che scade domani"
    assert push.body == "Entra nell'app e paga l'avviso emesso da Comune di Esempio"


async def test_a_reminder_of_what_is_past_is_not_sent(stack: Stack) -> None:
    """EXPIRED, from midnight in Rome."""
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
async def test_what_the_citizen_has_done_is_not_announced(
    stack: Stack, kind: str, changes: dict[str, Any], channel: str, expected: str
) -> None:
    """Read, archived, paid, cancelled, or never delivered."""
    id_ = await delivered(stack, content=DUE)
    await with_message(stack, id_, EMAIL_CITIZEN, **changes)

    await ask(stack, id_, kind=kind, step="s", channel=channel)

    assert await status(stack, id_, f"{kind}-s-{channel}") == expected
    assert len(stack.push.sent) + len(stack.mailer.sent) == (expected == "SENT")


async def test_a_message_that_is_seen_late_is_announced_late(stack: Stack) -> None:
    """A replica that lags shows it as ACCEPTED: that is no reason to forget it."""
    id_ = await delivered(stack)
    await with_message(stack, id_, EMAIL_CITIZEN, status="ACCEPTED")
    await ask(stack, id_, step="s")
    assert await status(stack, id_, "MESSAGE-s-EMAIL") is None

    await with_message(stack, id_, EMAIL_CITIZEN, status="PROCESSED")
    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    assert await status(stack, id_, "MESSAGE-s-EMAIL") == "SENT"


@pytest.mark.parametrize("kind", ["MESSAGE", "UNREAD", "REMINDER", "DIGEST"])
async def test_until_ends_each_kind_and_time_to_live_the_first_alone(
    stack: Stack, kind: str
) -> None:
    """A reminder comes days after the message by its nature."""
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
    """It is of several: who leaves by it leaves them all."""
    id_ = await delivered(stack)
    await with_preference(stack, EMAIL_CITIZEN, is_email_enabled=False)

    await ask(stack, id_, kind="DIGEST", step="2026-11-23", count=4)

    (mail,) = stack.mailer.sent
    assert mail.subject == "Hai 4 nuovi messaggi"
    assert mail.text.count("/api/mail/v1/unsubscribe/") == 1
    assert "Esempio" not in mail.text


async def test_due_dates_that_went_away_leave_a_message_to_read(stack: Stack) -> None:
    """Not a fault, and no date that holds no more."""
    id_ = await delivered(stack, content={"due_date": timestamp(START + timedelta(days=3))})
    await with_message(stack, id_, EMAIL_CITIZEN, due_date=None)

    await ask(stack, id_, kind="REMINDER", step="D-3", channel="PUSH", full=False)

    assert [push.title for push in stack.push.sent] == ["Promemoria: un messaggio ti aspetta"]


async def test_the_sandbox_s_other_citizens_get_no_email(stack: Stack) -> None:
    """They have no address."""
    await stack.deliver(fiscal_code=CITIZEN)

    assert not stack.mailer.sent


async def test_reminders_come_by_both_channels_and_say_which_day_it_is(stack: Stack) -> None:
    """On the mornings of the plan, each once by push and once by e-mail; none after payment."""
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
