"""A batch of an organisation on trial keeps to its recipients and to its cap of a day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import OPERATOR_KEY, ORGANIZATION
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from lib.ports.queueing.names import BATCH_STARTED
from lib.repositories.batches.batch_files import BatchFiles
from tests.builders.messages import a_message
from tests.builders.organizations import with_organization
from tests.builders.services import with_groups
from tests.builders.settings import settings_for
from tests.functions.batches.batch_calls import (
    CITIZENS,
    ask,
    checked,
    fails,
    sent,
    state,
    table,
    with_citizens,
)
from tests.stack import Stack

CAP = 2
RIGHTS = (Group.MESSAGE_WRITE, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ)
ROWS = [[one] for one in CITIZENS]


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that caches no keys, with a cap of two messages a day."""
    settings = settings_for(tmp_path, sender_cache_seconds=0, trial_daily_messages=CAP)
    stack = await Stack(tmp_path, settings).start()
    await with_citizens(stack)
    yield stack
    await stack.app.close()


async def trial_key(stack: Stack, *recipients: str) -> str:
    """Return the key of a service on trial that may write to these citizens."""
    await with_organization(stack, OrganizationState.TRIAL, ORGANIZATION)
    return await with_groups(stack, *RIGHTS, authorized_recipients=list(recipients or CITIZENS))


async def progress(stack: Stack, id_: str, key: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the outcomes and the reasons of a batch."""
    found = await state(stack, id_, key)
    assert found["status"] == "FINISHED"
    return found["progress"]["outcomes"], found["progress"]["reasons"]


async def left(stack: Stack, key: str) -> int:
    """Return the messages that are left of the day."""
    remaining: int = (await stack.call("read_limits", key=key)).body["trial"]["remaining"]
    return remaining


async def test_rows_above_the_cap_are_not_sent(fresh: Stack) -> None:
    """They fail with a reason, make no message, and are in the list of the unreached."""
    key = await trial_key(fresh)
    id_ = await sent(fresh, ROWS, key=key)

    assert await progress(fresh, id_, key) == (
        {"SENT": 2, "FAILED": 1},
        {"ABOVE_TRIAL_CAP": 1},
    )
    (row,) = await table(fresh, "read_batch_unreached_file", id_, key)
    assert (row["outcome"], row["reason"], row["message_id"]) == ("FAILED", "ABOVE_TRIAL_CAP", "")
    single = await fresh.call("submit_message", a_message(fiscal_code=CITIZENS[0]), key=key)
    assert single.status == 429


async def test_the_check_tells_the_rows_above_the_cap(fresh: Stack) -> None:
    """They are those that sending fails: of the rows that the key may send, what the day leaves."""
    key = await trial_key(fresh, *CITIZENS[:2], "BNCGNN70D15L219D")
    first = await checked(fresh, [*ROWS, ["RSSMRA85T10A562S"]], key=key)
    counts = (await state(fresh, first, key))["check"]["counts"]
    assert (counts["ABOVE_TRIAL_CAP"], counts["RECIPIENT_NOT_ALLOWED"]) == (1, 1)
    assert (await left(fresh, key)) == CAP

    sent_now = await sent(fresh, ROWS, key=key)
    assert (await progress(fresh, sent_now, key))[1] == {"ABOVE_TRIAL_CAP": 1}
    second = await checked(fresh, ROWS, key=key)
    assert (await state(fresh, second, key))["check"]["counts"]["ABOVE_TRIAL_CAP"] == 3

    tomorrow = (fresh.clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    later = await checked(fresh, ROWS, key=key, start_at=tomorrow)
    assert (await state(fresh, later, key))["check"]["counts"]["ABOVE_TRIAL_CAP"] == 1


async def test_the_check_of_other_organisations_has_no_cap(fresh: Stack) -> None:
    """An approved organisation sends as much as it wants."""
    found = await state(fresh, await checked(fresh, ROWS))
    assert "ABOVE_TRIAL_CAP" not in found["check"]["counts"]


async def test_a_retry_on_another_day_sends_them(fresh: Stack) -> None:
    """On the same day it sends nothing; each row is sent and counted once."""
    key = await trial_key(fresh)
    id_ = await sent(fresh, ROWS, key=key)
    assert (await ask(fresh, "retry_batch", id_, key=key)).status == 202
    await fresh.drain()
    assert (await progress(fresh, id_, key))[0] == {"SENT": 2, "FAILED": 1}

    fresh.clock.advance(timedelta(days=1))
    assert (await ask(fresh, "retry_batch", id_, key=key)).status == 202
    await fresh.drain()
    assert (await progress(fresh, id_, key))[0] == {"SENT": 3}
    assert await left(fresh, key) == CAP - 1
    for citizen in CITIZENS:
        reply = await fresh.call("list_inbox", citizen=citizen)
        assert len(reply.body["items"]) == 1


async def test_other_recipients_use_up_nothing(fresh: Stack) -> None:
    """A row that the sender may not send is not counted."""
    key = await trial_key(fresh, CITIZENS[2])
    id_ = await sent(fresh, ROWS, key=key)

    assert await progress(fresh, id_, key) == (
        {"SENT": 1, "REJECTED": 2},
        {"RECIPIENT_NOT_ALLOWED": 2},
    )
    assert await left(fresh, key) == CAP - 1


async def test_a_chunk_that_comes_again_counts_nothing(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages were counted by the first run, which ended before it stored their results."""
    key = await trial_key(fresh)
    id_ = await checked(fresh, ROWS[:1], key=key)
    await ask(fresh, "send_batch", id_, key=key)
    with monkeypatch.context() as outage:
        outage.setattr(BatchFiles, "store_results", fails)
        await fresh.drain()
    assert await left(fresh, key) == CAP - 1

    fresh.clock.advance(timedelta(minutes=10))
    await fresh.drain()
    assert (await progress(fresh, id_, key))[0] == {"SENT": 1}
    assert await left(fresh, key) == CAP - 1


async def test_an_approval_in_the_middle_ends_the_cap(fresh: Stack) -> None:
    """The rights of the sender are those of the moment in which a part is sent."""
    key = await trial_key(fresh)
    id_ = await checked(fresh, ROWS, key=key)
    await ask(fresh, "send_batch", id_, key=key)
    assert await fresh.queue.length(BATCH_STARTED) == 1
    await fresh.call("approve_organization", path={"fiscal_code": ORGANIZATION}, key=OPERATOR_KEY)
    await fresh.drain()

    assert (await progress(fresh, id_, key))[0] == {"SENT": 3}
