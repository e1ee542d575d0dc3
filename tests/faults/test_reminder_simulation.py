"""Two months of reminders with failures: each is sent once, or has a reason not to be."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from lib.adapters.embedded.sqlite import file as sqlite_file
from lib.domain.reminders.decision import ENDING
from lib.domain.shared.values import parse_timestamp
from lib.ports.documents import Query
from lib.ports.queueing.names import FOLD_DUE
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.notifications import NOTIFICATIONS, SCHEDULE
from lib.repositories.scheduling.schedule import slots_of, this_hour
from tests.doubles.clock import START
from tests.faults.reminder_world import DAYS, World


async def outcomes(world: World) -> Counter[str]:
    """Count the outcomes of all steps of all messages; fail where a step has no outcome."""
    report: Counter[str] = Counter()
    for id_, life in world.lives.items():
        message = (await world.real_store.read(MESSAGES, life.citizen, id_)).document
        log = message.get("reminder_log", [])
        told = [entry["step"] for entry in log]
        assert len(set(told)) == len(told), f"{id_}: {told}"
        assert message.get("reminder_at") is None, f"{id_} waits for {message['reminder_at']}"
        for entry in log:
            step, outcome = entry["step"], entry["outcome"]
            times = len(life.pushed.pop(step, []))
            if outcome == "SENT":
                assert times <= 1, f"{id_}: {step} was sent {times} times"
                if not times:
                    kind = "UNREAD" if step == "unread" else f"REMINDER-{step}"
                    claim = await world.real_store.read(
                        NOTIFICATIONS, life.citizen, f"{id_}-{kind}-PUSH"
                    )
                    outcome = f"notification {claim.document['status']}"
            elif times:
                # it went out, its process died before that was written down, and when the next
                # came to it things had changed
                assert times == 1
                outcome = f"SENT, then {outcome}"
            report[outcome] += 1
        assert not life.pushed, f"{id_}: {list(life.pushed)} are not in the log"
        if life.replanned:
            continue
        delivered = parse_timestamp(message["status_history"][-1]["at"])
        missing = [step for step in life.plan if step.name not in told]
        late = [step for step in missing if step.at <= delivered]
        report["in the inbox after its moment"] += len(late)
        if len(missing) > len(late):
            ends = {entry["outcome"] for entry in log} & ENDING
            assert ends, f"{id_}: nobody knows of {missing}"
            report[f"not tried after {ends.pop()}"] += len(missing) - len(late)
    return report


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: processes die in this test, the machine does not."""
    monkeypatch.setattr(sqlite_file, "sync_data", lambda _: None)


@pytest.mark.usefixtures("quick_disk")
@pytest.mark.parametrize(
    "messages",
    [
        pytest.param(300, id="some", marks=pytest.mark.slow),
        pytest.param(27_500, id="all", marks=pytest.mark.full),
    ],
)
async def test_two_months(
    tmp_path: Path,
    seed: int,
    messages: int,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No step is sent twice or at night, and none is lost; the report counts each reason."""
    world = World(tmp_path, seed, messages)
    await world.prepare()

    await world.run()

    assert not world.disturbed
    assert not world.nagged
    report = await outcomes(world)
    record_property("reminders", dict(report))
    with capsys.disabled():
        sys.stdout.write(f"\n{report.total()} reminders: {dict(report.most_common())}\n")
    assert report.total() >= 3.5 * messages
    assert report["SENT"] > report.total() / 3
    hour, now = this_hour(START), this_hour(world.clock.moment)
    while hour <= this_hour(START + timedelta(days=DAYS + 14)):
        for slot in slots_of(hour):
            page = await world.real_store.query(SCHEDULE, Query(slot, limit=100))
            # the statistics of the last week are folded after the end of the two months
            left = [one for one in page.items if one["queue"] != FOLD_DUE or hour <= now]
            assert not left
        hour += timedelta(hours=1)
    await world.app.close()
