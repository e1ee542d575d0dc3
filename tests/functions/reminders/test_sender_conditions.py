"""A sender's own system is asked before each reminder."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.senders.reminder_conditions import DueReminder
from lib.use_cases.shared.breaker import FAILURES
from tests.functions.reminders.support import DUE, jump, log
from tests.stack import Stack

pytestmark = pytest.mark.slow


class Condition:
    """A sender's system that returns or raises `answer`."""

    def __init__(self) -> None:
        self.answer: bool | Exception = True
        self.asked: list[tuple[str, DueReminder]] = []

    async def allows(self, url: str, reminder: DueReminder) -> bool:
        """Return or raise `answer`."""
        self.asked.append((url, reminder))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self) -> None:
        """Do nothing."""


async def test_a_condition_is_asked_before_each_reminder(tmp_path: Path) -> None:
    """The answer false withholds a reminder; a system that does not answer withholds none."""
    condition, url = Condition(), "https://pa.example.org/due?signed=1"
    stack = await Stack(tmp_path, conditions=condition).start()
    id_ = await stack.deliver(
        content={"due_date": DUE},
        reminders={"condition_url": url, "days": [7, 3, 1], "unread_after_days": 1},
    )
    await jump(stack, 25, 10)
    assert not condition.asked, "whether a message was read is nobody's business"
    for days, answer in ((26, True), (30, False), (32, UnavailableError("away"))):
        condition.answer = answer
        await jump(stack, days, 10)
    for _ in range(12):
        stack.clock.advance(timedelta(minutes=5))
        await stack.tick()

    steps = [f"20261203-{number}" for number in (7, 3, 1)]
    outcomes = ["SENT", "CONDITION", "SENT"]
    assert await log(stack, id_) == [("unread", "SENT"), *zip(steps, outcomes, strict=True)]
    assert {asked for asked, _ in condition.asked} == {url}
    assert [one.step for _, one in condition.asked] == [*steps[:2], *[steps[2]] * FAILURES]
    own = await stack.call("read_reminders", path={"id": id_}, citizen=CITIZEN)
    assert "condition_url" not in own.body["policy"]
    await stack.app.close()
