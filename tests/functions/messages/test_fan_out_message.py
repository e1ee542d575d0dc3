"""What becomes of an accepted message, by IO's decision rules."""

from datetime import timedelta
from typing import Any

import pytest

from functions.queues.contract import FailedItemError
from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.documents import Document
from lib.ports.errors import UnavailableError
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing import items as events
from lib.ports.queueing.items import delay_before
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from lib.ports.schema import (
    DAY_SECONDS,
    MESSAGES,
)
from lib.repositories.messages.messages import Messages
from lib.repositories.operations.dead_letters import DeadLetters
from lib.use_cases.messages.fan_out_message import MAX_READ_ATTEMPTS
from tests.builders.messages import a_message, submitted
from tests.builders.payments import a_payment
from tests.builders.profiles import with_activation, with_preference, with_profile
from tests.builders.services import with_service
from tests.doubles.clock import START
from tests.stack import Stack, take
from tests.stored import rejection_reason, stored_message, stored_text, time_to_live


async def test_a_message_reaches_the_inbox(stack: Stack) -> None:
    """PROCESSED, for good, with the way it took."""
    id_ = await stack.deliver()

    message = await stored_message(stack, id_)
    assert message.status == "PROCESSED"
    assert [one.status for one in message.status_history] == ["ACCEPTED", "PROCESSED"]
    assert await time_to_live(stack, MESSAGES, CITIZEN, id_) is None
    stack.clock.advance(timedelta(days=3650))
    assert (await stored_message(stack, id_)).status == "PROCESSED"


@pytest.mark.parametrize(
    ("fiscal_code", "reason"),
    [
        ("NOPROF00A00A000A", "USER_NOT_FOUND"),
        ("INBOFF00A00A000A", "SERVICE_NOT_ALLOWED"),
        ("BLOCKD00A00A000A", "SERVICE_NOT_ALLOWED"),
        ("MANUAL00A00A000A", "SERVICE_NOT_ALLOWED"),
    ],
)
async def test_the_sandbox_s_citizens_reject_as_their_code_says(
    stack: Stack, fiscal_code: str, reason: str
) -> None:
    """REJECTED with its reason; it goes after its time, and shows nothing but to its sender."""
    content = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    id_ = await stack.deliver(fiscal_code=fiscal_code, content=content)

    message = await stored_message(stack, id_, fiscal_code)
    assert message.status == "REJECTED"
    assert await rejection_reason(stack, id_, fiscal_code) == reason
    assert message.content is not None
    assert message.content.subject == "Tassa sui rifiuti"
    rest = await stored_text(stack, MESSAGES, fiscal_code, id_, without="content")
    assert not any(text in rest for text in ("8450", "2027-06-30", "30100000"))
    assert not message.title
    assert await time_to_live(stack, MESSAGES, fiscal_code, id_) == 90 * DAY_SECONDS
    assert not stack.push.sent


@pytest.mark.parametrize(
    ("mode", "version", "choice_version", "inbox", "status"),
    [
        ("AUTO", 3, None, None, "PROCESSED"),
        ("AUTO", 3, 3, True, "PROCESSED"),
        ("AUTO", 3, 3, False, "REJECTED"),
        ("AUTO", 3, 2, False, "PROCESSED"),
        ("MANUAL", 3, None, None, "REJECTED"),
        ("MANUAL", 3, 3, True, "PROCESSED"),
        ("MANUAL", 3, 2, True, "REJECTED"),
    ],
)
async def test_modes_and_choices_decide(
    stack: Stack,
    mode: str,
    version: int,
    choice_version: int | None,
    inbox: bool | None,
    status: str,
) -> None:
    """A choice counts only under the profile's current settings version."""
    await with_profile(stack, service_preferences_settings={"mode": mode, "version": version})
    if choice_version is not None:
        await with_preference(stack, version=choice_version, is_inbox_enabled=inbox)

    assert status == (await stored_message(stack, await stack.deliver())).status


@pytest.mark.parametrize(
    ("blocked", "status", "pushes"),
    [
        ({}, "PROCESSED", 1),
        ({SERVICE_ID: ["INBOX"]}, "REJECTED", 0),
        ({SERVICE_ID: ["WEBHOOK"]}, "PROCESSED", 0),
        ({"another": ["INBOX"]}, "PROCESSED", 1),
    ],
)
async def test_a_legacy_profile_blocks_by_its_list(
    stack: Stack, blocked: dict[str, list[str]], status: str, pushes: int
) -> None:
    """LEGACY looks at blocked_inbox_or_channels and at no choice."""
    await with_profile(
        stack,
        service_preferences_settings={"mode": "LEGACY", "version": -1},
        blocked_inbox_or_channels=blocked,
    )
    await with_preference(stack, version=-1, is_inbox_enabled=False)

    assert status == (await stored_message(stack, await stack.deliver())).status
    assert pushes == len(stack.push.sent)


@pytest.mark.parametrize(
    ("activation", "age", "status"),
    [
        (None, 0, "REJECTED"),
        ("ACTIVE", 400, "PROCESSED"),
        ("INACTIVE", 0, "REJECTED"),
        ("PENDING", 23, "PROCESSED"),
        ("PENDING", 24, "REJECTED"),
    ],
)
@pytest.mark.parametrize("inbox", [True, False])
async def test_a_special_service_is_decided_by_its_activation(
    stack: Stack, activation: str | None, age: int, status: str, inbox: bool
) -> None:
    """The activation overrides the choice both ways; PENDING counts for a day."""
    await with_service(stack, category="SPECIAL")
    await with_preference(stack, is_inbox_enabled=inbox)
    if activation:
        await with_activation(stack, activation, START - timedelta(hours=age))

    assert status == (await stored_message(stack, await stack.deliver())).status


async def test_an_item_that_comes_again_changes_nothing(stack: Stack) -> None:
    """The same document, one push."""
    id_ = await stack.deliver()
    before = await Messages(stack.store).stored(CITIZEN, id_)

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    await stack.drain()

    assert before == await Messages(stack.store).stored(CITIZEN, id_)
    assert len(stack.push.sent) == 1


async def test_a_run_that_died_after_its_write_is_completed_by_the_next(stack: Stack) -> None:
    """The notification that was not queued is queued by the repetition."""
    id_ = await stack.submit()
    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    (lost,) = await take(stack.queue, NOTIFICATION_REQUESTED)
    await stack.queue.delete(NOTIFICATION_REQUESTED, lost)

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    await stack.drain()

    assert [id_] == [push.message_id for push in stack.push.sent]


async def test_a_message_that_is_gone_is_no_fault(stack: Stack) -> None:
    """It is looked for three times more, then the item has nothing left to do."""
    await stack.queue.put(MESSAGE_SUBMITTED, submitted("01J0000000000000000000000A").text())

    for attempt in range(MAX_READ_ATTEMPTS):
        await stack.drain()
        assert await stack.queue.length(MESSAGE_SUBMITTED) == 1
        stack.clock.advance(timedelta(seconds=delay_before(attempt + 1)))
    await stack.drain()

    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 0


async def test_a_message_that_is_seen_late_arrives_all_the_same(stack: Stack) -> None:
    """A replica that lags delays it, and loses nothing."""
    id_ = await stack.submit()
    messages = Messages(stack.store)
    unseen = await messages.get(CITIZEN, id_)
    await stack.store.delete(MESSAGES, CITIZEN, id_)
    await stack.drain()

    await messages.create(unseen)
    stack.clock.advance(timedelta(seconds=delay_before(1)))
    await stack.drain()

    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_a_choice_made_later_does_not_unmake_the_outcome(stack: Stack) -> None:
    """What the first run decided holds for its repetitions."""
    id_ = await stack.deliver()
    await with_profile(stack, is_inbox_enabled=False)

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)

    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_an_outage_puts_the_item_back_with_a_growing_delay(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30 s, 60 s, … 10 minutes; never poison, until seven days are over."""
    monkeypatch.setattr(events, "LEAST_SHARE", 1)
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)

    async def away(_fiscal_code: str, _id: str) -> Document:
        raise UnavailableError("throttled")

    monkeypatch.setattr(stack.app.repositories.messages, "get", away)
    text, delays = item.text, []
    for _ in range(9):
        await fan_out_message.consume(stack.app, text, last=False)
        waited = 0
        while not (items := await take(stack.queue, MESSAGE_SUBMITTED)):
            stack.clock.advance(timedelta(seconds=30))
            waited += 30
        await stack.queue.delete(MESSAGE_SUBMITTED, items[0])
        text = items[0].text
        delays.append(waited)

    assert delays == [30, 60, 120, 240, 480, 600, 600, 600, 600]
    stack.clock.advance(timedelta(days=7))
    with pytest.raises(UnavailableError):
        await fan_out_message.consume(stack.app, text, last=True)
    monkeypatch.undo()
    await fan_out_message.consume(stack.app, text, last=False)
    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_what_cannot_be_processed_fails_visibly_and_can_be_replayed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAILED for the sender, a dead letter with its reason for the operator, then another run."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)

    async def broken(_fiscal_code: str, _id: str) -> Document:
        raise KeyError(CITIZEN)

    monkeypatch.setattr(stack.app.repositories.messages, "get", broken)
    with pytest.raises(FailedItemError, match="KeyError at broken") as caught:
        await fan_out_message.consume(stack.app, item.text, last=True)
    assert CITIZEN not in repr(caught.value)
    assert caught.value.__cause__ is None
    await fan_out_message.dead_letter(stack.app, item.text)
    monkeypatch.undo()

    assert (await stored_message(stack, id_)).status == "FAILED"
    operator: dict[str, Any] = {"key": "sandbox-operator-key", "path": {"queue": MESSAGE_SUBMITTED}}
    listed = await stack.call("list_dead_letters", **operator)
    (letter,) = listed.body["items"]
    assert letter["reason"].startswith("KeyError at broken ")
    assert CITIZEN not in str(listed.body)

    operator["path"] = {"queue": MESSAGE_SUBMITTED, "id": letter["id"]}
    replayed = await stack.call("replay_dead_letter", **operator)
    await stack.drain()

    assert replayed.status == 202
    message = await stored_message(stack, id_)
    assert message.status == "PROCESSED"
    assert [one.status for one in message.status_history] == [
        "ACCEPTED",
        "FAILED",
        "ACCEPTED",
        "PROCESSED",
    ]
    assert (await stack.call("replay_dead_letter", **operator)).status == 404


async def test_a_retry_that_succeeds_leaves_no_dead_letter(stack: Stack) -> None:
    """Only the last attempt's failure is noted."""
    with pytest.raises(Exception, match="is not a MessageSubmitted"):
        await fan_out_message.consume(stack.app, '{"fiscal_code": "x"}', last=False)

    listed = await stack.call(
        "list_dead_letters", key="sandbox-operator-key", path={"queue": MESSAGE_SUBMITTED}
    )
    assert listed.body["items"] == []


@pytest.mark.parametrize("text", ["", "not json", "{}", '{"fiscal_code": "AAAAAA00A00A000A"}'])
async def test_an_unreadable_item_is_kept_without_being_quoted(stack: Stack, text: str) -> None:
    """The exception names the queue; the poison consumer keeps the item as it is."""
    with pytest.raises(Exception, match="an item of message-submitted is not") as caught:
        await fan_out_message.consume(stack.app, text, last=True)
    await fan_out_message.dead_letter(stack.app, text)

    assert "AAAAAA" not in str(caught.value)
    listed = await stack.call(
        "list_dead_letters", key="sandbox-operator-key", path={"queue": MESSAGE_SUBMITTED}
    )
    (letter,) = listed.body["items"]
    assert letter["reason"].startswith("UnreadableItemError")
    kept = await DeadLetters(stack.store).get(MESSAGE_SUBMITTED, letter["id"])
    assert kept is not None
    assert text == kept.text


async def test_poison_that_reached_the_inbox_before_stays_there(stack: Stack) -> None:
    """A message that the citizen sees is never marked FAILED."""
    id_ = await stack.deliver()

    await fan_out_message.dead_letter(stack.app, submitted(id_).text())

    assert (await stored_message(stack, id_)).status == "PROCESSED"
    assert POISON_SUFFIX == "-poison"


async def test_a_secure_message_is_announced_anonymously(stack: Stack) -> None:
    """Sender and title show only where the citizen chose FULL and the message allows it."""
    await stack.deliver()
    await stack.deliver(content={"require_secure_channels": True})
    await with_profile(stack, push_notifications_content_type="ANONYMOUS")
    await stack.deliver()

    assert [(push.title, push.body) for push in stack.push.sent] == [
        ("Comune di Esempio", "Tassa sui rifiuti"),
        ("Hai un nuovo messaggio", "Entra nell'app per leggerlo"),
        ("Hai un nuovo messaggio", "Entra nell'app per leggerlo"),
    ]
    assert CITIZEN not in str(stack.push.sent)


async def test_a_body_s_own_choice_wins_over_the_service_s(stack: Stack) -> None:
    """require_secure_channels of the message, else of the service."""
    await with_service(stack, require_secure_channels=True)

    default = await stored_message(stack, await stack.submit())
    chosen = await stored_message(
        stack, await stack.submit(content={"require_secure_channels": False})
    )

    assert (default.is_secure, chosen.is_secure) == (True, False)
    assert a_message()["fiscal_code"] == CITIZEN
