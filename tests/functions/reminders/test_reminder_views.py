"""Sender and citizen see the reminders of a message, and the citizen changes them."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SENDER_GROUPS, SERVICE_ID
from lib.domain.services.service import Group
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.values import parse_timestamp
from tests.builders.payments import a_payment, tell
from tests.builders.profiles import with_profile
from tests.builders.services import with_groups
from tests.functions.reminders.support import AFTER, DUE, jump, log, notice, reminders
from tests.stack import Reply, Stack, refusal

pytestmark = pytest.mark.slow


async def plan(stack: Stack, id_: str) -> Any:
    """Return the plan that the citizen reads."""
    reply = await stack.call("read_reminders", path={"id": id_}, citizen=CITIZEN)
    assert reply.status == 200
    return reply.body


async def change(stack: Stack, id_: str, kind: str, **members: Any) -> Reply:
    """Send the citizen's wish."""
    body = {"change_type": kind, **members}
    return await stack.call("change_reminders", body, path={"id": id_}, citizen=CITIZEN)


async def sent_plan(stack: Stack, id_: str, **options: Any) -> Reply:
    """Read the plan as the sender."""
    path = {"fiscal_code": CITIZEN, "id": id_}
    return await stack.call("read_sent_reminders", path=path, **options)


async def advanced_notice(stack: Stack) -> str:
    """Deliver a notice whose sender may read the payment status."""
    content = {"due_date": DUE, "payment_data": a_payment()}
    return await stack.deliver(content=content, feature_level_type="ADVANCED")


def mornings(planned: list[dict[str, Any]]) -> list[str]:
    """Return day, hour and reason of reminders, by Italy's clock."""
    return [
        f"{in_rome(parse_timestamp(one['at'])):%d %H} {one['why']} {one.get('days_before')}"
        for one in planned
    ]


ALL = ["26 09 DUE_DATE 7", "30 09 DUE_DATE 3", "02 09 DUE_DATE 1", "03 09 DUE_DATE 0"]


async def test_both_sides_see_when_and_why(stack: Stack) -> None:
    """Both see the reminders to come, and the outcomes of the earlier ones."""
    id_ = await notice(stack)
    for shown in (await plan(stack, id_), (await sent_plan(stack, id_)).body):
        assert mornings(shown["to_come"]) == ALL
        assert shown["next"] == shown["to_come"][0]
        assert shown["past"] == []
        assert shown["due_date"] == "2026-12-03T22:59:59.000Z"
        assert shown["policy"]["days"] == [7, 3, 1, 0]

    await jump(stack, 26, 10)

    for shown in (await plan(stack, id_), (await sent_plan(stack, id_)).body):
        assert mornings(shown["to_come"]) == ALL[1:]
        assert [(one["days_before"], one["outcome"]) for one in shown["past"]] == [(7, "SENT")]


async def test_a_message_that_is_never_reminded_of(stack: Stack) -> None:
    """A message without reminders has an empty plan."""
    id_ = await stack.deliver()

    shown = await plan(stack, id_)
    assert (shown["to_come"], shown["past"], shown["is_done"]) == ([], [], False)
    assert "next" not in shown


async def test_a_plan_says_why_it_ended(stack: Stack) -> None:
    """The plan of a paid message says PAID at once."""
    id_ = await advanced_notice(stack)
    await tell(stack)
    await stack.drain()
    for shown in (await plan(stack, id_), (await sent_plan(stack, id_)).body):
        assert (shown["ended"], shown["to_come"]) == ("PAID", [])
    await jump(stack, 26, 10)

    for shown in (await plan(stack, id_), (await sent_plan(stack, id_)).body):
        assert (shown["ended"], shown["to_come"]) == ("PAID", [])


@pytest.mark.parametrize("how", ["PAID", "CANCELLED"])
@pytest.mark.parametrize("hidden", ["standard", "group"])
async def test_a_sender_that_may_not_read_the_payment_status_cannot_tell_it_from_reminders(
    stack: Stack, hidden: str, how: str
) -> None:
    """The plan of a paid message looks to that sender like that of an unpaid one."""
    id_ = await (notice if hidden == "standard" else advanced_notice)(stack)
    key = await with_groups(
        stack, *SENDER_GROUPS - {Group.MESSAGE_READ_ADVANCED}, service_id=SERVICE_ID
    )
    options: dict[str, Any] = {} if hidden == "standard" else {"key": key}
    await jump(stack, 26, 10)
    await tell(stack, how)
    await jump(stack, 30, 10)
    await jump(stack, 32, 10)

    read = await stack.call(
        "read_sent_message", path={"fiscal_code": CITIZEN, "id": id_}, **options
    )
    shown = (await sent_plan(stack, id_, **options)).body

    assert "payment_status" not in read.body
    assert "ended" not in shown
    assert mornings(shown["to_come"]) == ALL[3:]
    told = [(one["days_before"], one["outcome"]) for one in shown["past"]]
    assert told == [(7, "SENT"), (3, "NOT_SENT"), (1, "NOT_SENT")]
    assert (await plan(stack, id_))["ended"] == how


async def test_a_payment_that_was_taken_back_ends_nothing(stack: Stack) -> None:
    """Reminders go on after a reversal, though one was left out meanwhile."""
    id_ = await advanced_notice(stack)
    await tell(stack)
    await jump(stack, 26, 10)
    await tell(stack, "REVERSED")
    await stack.drain()

    for shown in (await plan(stack, id_), (await sent_plan(stack, id_)).body):
        assert "ended" not in shown
        assert mornings(shown["to_come"]) == ALL[1:]
        assert [one["outcome"] for one in shown["past"]] == ["PAID"]


async def test_the_sender_sees_nothing_of_the_citizen_s_actions(stack: Stack) -> None:
    """The sender sees neither snoozed reminders nor those for unread messages."""
    id_ = await stack.deliver(
        content={"due_date": DUE}, reminders={"days": [1], "unread_after_days": 1}
    )
    await jump(stack, 24, 12)
    await change(stack, id_, "snooze", until="2026-11-26T09:00:00Z")
    await jump(stack, 26, 12)

    own, sent = await plan(stack, id_), (await sent_plan(stack, id_)).body
    assert [one["why"] for one in own["past"]] == ["UNREAD", "SNOOZED"]
    assert sent["past"] == []


async def test_done_ends_the_reminders_and_resume_restores_them(stack: Stack) -> None:
    """The sender sees neither."""
    id_ = await notice(stack)
    done = await change(stack, id_, "done")
    assert (done.body["is_done"], done.body["ended"], done.body["to_come"]) == (True, "DONE", [])
    await jump(stack, 26, 10)
    assert not stack.push.sent

    resumed = await change(stack, id_, "resume")
    assert mornings(resumed.body["to_come"]) == ALL[1:]
    await stack.live_until(AFTER)

    assert reminders(stack) == [f"20261203-{days}-PUSH" for days in (3, 1, 0)]


async def test_a_snoozed_message_is_reminded_of_later(stack: Stack) -> None:
    """No reminder comes before the chosen time; one comes then, and the plan goes on."""
    id_ = await notice(stack)
    until = "2026-11-30T14:30:00Z"
    snoozed = await change(stack, id_, "snooze", until=until)
    again = await change(stack, id_, "snooze", until=until)

    assert snoozed.body == again.body
    assert snoozed.body["snoozed_until"] == "2026-11-30T14:30:00.000Z"
    assert mornings(snoozed.body["to_come"]) == ["30 15 SNOOZED None", *ALL[2:]]
    assert mornings((await sent_plan(stack, id_)).body["to_come"]) == ALL
    await stack.live_until(AFTER)

    outcomes = [outcome for _, outcome in await log(stack, id_)]
    assert outcomes == ["SENT"] * 3
    assert len(stack.push.sent) == 3


@pytest.mark.parametrize(
    "until",
    [
        "2026-11-23T09:00:00Z",
        "2020-01-01T00:00:00Z",
        "2026-12-03T23:00:00Z",
        "2028-01-01T00:00:00Z",
    ],
)
async def test_a_snooze_ends_in_time(stack: Stack, until: str) -> None:
    """A snooze ends in the future, and before the due date."""
    id_ = await notice(stack)
    reply = await change(stack, id_, "snooze", until=until)

    assert refusal(reply)[:2] == (422, "Snooze not possible")
    assert reply.body["errors"][0]["pointer"] == "/until"
    assert mornings((await plan(stack, id_))["to_come"]) == ALL


async def test_a_message_without_a_due_date_can_be_snoozed(stack: Stack) -> None:
    """A snooze makes a reminder for a message without a due date."""
    id_ = await stack.deliver()
    stack.push.sent.clear()
    await change(stack, id_, "snooze", until="2026-11-30T14:30:00Z")
    await jump(stack, 30, 16)

    assert len(stack.push.sent) == 1
    assert await log(stack, id_) == [("snooze-202611301430", "SENT")]


async def test_the_citizen_alone_sees_that_reminders_are_off(stack: Stack) -> None:
    """The sender sees that a reminder was not sent, and not why."""
    id_ = await notice(stack)
    await with_profile(stack, reminder_status="DISABLED")
    await jump(stack, 26, 10)

    own, sent = await plan(stack, id_), (await sent_plan(stack, id_)).body
    assert own["switched_off"] == "ALTOGETHER"
    assert own["past"][0]["outcome"] == "OPTED_OUT"
    assert sent["past"][0]["outcome"] == "NOT_SENT"
    assert "switched_off" not in sent


async def test_a_plan_is_visible_to_its_citizen_and_its_sender(stack: Stack) -> None:
    """Another citizen gets 404, another service 403."""
    id_ = await notice(stack)
    accepted = await stack.submit(content={"due_date": DUE})

    other = await stack.call("read_reminders", path={"id": id_}, citizen="RSSMRA80A01H501U")
    early = await stack.call("read_reminders", path={"id": accepted}, citizen=CITIZEN)
    early_change = await change(stack, accepted, "done")
    foreign = await sent_plan(stack, id_, key=LIMITED_KEY)

    assert [r.status for r in (other, early, early_change, foreign)] == [404, 404, 404, 403]
