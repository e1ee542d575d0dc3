"""E-mail on ports that fail: each goes out at most once, and its claim says when it did not."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.notifications.delivery import DeliveryStatus
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.faults.listeners import send
from tests.faults.submissions import Submission
from tests.faults.test_flaky_ports import STEP, FlakyStack

ADDRESS = {"email": "emails@example.org", "is_email_validated": True}
MISSING = {DeliveryStatus.UNCONFIRMED, DeliveryStatus.IN_PROGRESS, DeliveryStatus.RELEASED}
"""Nobody can tell, or, RELEASED: an item that ran twice at once could not be put back."""


@pytest.fixture
async def flaky(tmp_path: Path, seed: int) -> AsyncIterator[FlakyStack]:
    """Yield a seeded stack whose citizen has an address."""
    stack = FlakyStack(tmp_path, seed)
    await stack.start()
    profile = (await stack.real_store.read(PROFILES, CITIZEN, PROFILE_ID)).document
    await stack.real_store.upsert(PROFILES, {**profile, **ADDRESS})
    yield stack
    await stack.app.close()


async def status(stack: FlakyStack, message_id: MessageId) -> str | None:
    """Return the status of the e-mail's claim, or None where there is no claim."""
    try:
        stored = await stack.real_store.read(NOTIFICATIONS, CITIZEN, f"{message_id}-MESSAGE-EMAIL")
    except NotFoundError:
        return None
    return str(stored.document["status"])


async def submitted_by(stack: FlakyStack, seed: int, count: int) -> list[MessageId]:
    """Submit messages and return their ids."""
    rng = random.Random(seed)
    sent = [Submission.make(number, 1, rng) for number in range(count)]
    await asyncio.gather(*(send(stack, one, stack.faults.counts) for one in sent))
    return [MessageId(one.id or "") for one in sent]


@pytest.mark.slow
async def test_ports_that_fail_one_call_in_ten_double_no_email(
    flaky: FlakyStack, seed: int
) -> None:
    """Each of 500 messages whose claim says SENT has its e-mail, and few claims say otherwise."""
    ids = await submitted_by(flaky, seed, 500)
    flaky.faults.rate = 0.1
    await flaky.settle()
    flaky.faults.rate = 0.0

    emails = Counter(mail.message_id for mail in flaky.kept_mail.sent)
    assert emails.keys() <= set(ids)
    assert set(emails.values()) == {1}
    for id_ in ids:
        found = await status(flaky, id_)
        assert found in {DeliveryStatus.SENT, *MISSING}
        assert emails[id_] or found in MISSING
    assert len(emails) >= 0.98 * len(ids)
    assert not await flaky.dead_letters()


@pytest.mark.parametrize("away", ["mail.", "mail. queue.put", "store.read", "store.patch mail."])
async def test_an_hour_s_outage_loses_no_email(flaky: FlakyStack, seed: int, away: str) -> None:
    """Each e-mail goes out once after the outage, and pushes do not wait for e-mails."""
    ids = await submitted_by(flaky, seed, 20)

    flaky.faults.away = tuple(away.split())
    for _ in range(360):
        await flaky.step()
        flaky.clock.advance(STEP)
    flaky.faults.away = ()
    await flaky.settle()

    assert dict.fromkeys(ids, 1) == Counter(mail.message_id for mail in flaky.kept_mail.sent)
    assert dict.fromkeys(ids, 1) == Counter(push.message_id for push in flaky.kept.sent)


async def test_a_server_that_answers_nothing_gets_each_email_once(
    flaky: FlakyStack, seed: int
) -> None:
    """The server may have taken the e-mail: its claim is UNCONFIRMED, without a second try."""
    flaky.kept_mail.failure = UnavailableError("no answer")
    ids = await submitted_by(flaky, seed, 20)
    await flaky.settle()
    flaky.kept_mail.failure = None
    await flaky.settle()

    assert not flaky.kept_mail.sent
    assert {await status(flaky, id_) for id_ in ids} == {DeliveryStatus.UNCONFIRMED}
