"""An accepted message reaches the inbox, or is rejected, by IO's rules."""

from datetime import timedelta

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.documents import DAY_SECONDS
from lib.ports.schema.messages import MESSAGES
from tests.builders.messages import a_message, submitted
from tests.builders.payments import a_payment
from tests.builders.profiles import with_activation, with_preference, with_profile
from tests.builders.services import with_service
from tests.doubles.clock import START
from tests.stack import Stack
from tests.stored import rejection_reason, stored_message, stored_text, time_to_live


async def test_a_message_reaches_the_inbox(stack: Stack) -> None:
    """A message becomes PROCESSED, keeps its status history, and never expires."""
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
async def test_a_rejected_message_is_visible_to_its_sender_alone(
    stack: Stack, fiscal_code: str, reason: str
) -> None:
    """A rejected message keeps its reason and its content, and expires."""
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
    """A choice counts under the profile's current settings version alone."""
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
    """A profile in LEGACY mode blocks by its map, and by no choice."""
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
    """An activation overrides the choice both ways, and PENDING counts for a day."""
    await with_service(stack, category="SPECIAL")
    await with_preference(stack, is_inbox_enabled=inbox)
    if activation:
        await with_activation(stack, activation, START - timedelta(hours=age))

    assert status == (await stored_message(stack, await stack.deliver())).status


async def test_a_later_choice_does_not_change_the_outcome(stack: Stack) -> None:
    """The decision of the first run holds for its repetitions."""
    id_ = await stack.deliver()
    await with_profile(stack, is_inbox_enabled=False)

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)

    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_a_secure_message_is_announced_anonymously(stack: Stack) -> None:
    """Sender and title show where the citizen chose FULL and the message allows it."""
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


async def test_a_message_overrides_its_service_s_secure_channels(stack: Stack) -> None:
    """The message's require_secure_channels counts, else the service's."""
    await with_service(stack, require_secure_channels=True)

    default = await stored_message(stack, await stack.submit())
    chosen = await stored_message(
        stack, await stack.submit(content={"require_secure_channels": False})
    )

    assert (default.is_secure, chosen.is_secure) == (True, False)
    assert a_message()["fiscal_code"] == CITIZEN
