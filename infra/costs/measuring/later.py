"""Measure what follows a delivered message: reminders, payments, digests, instalments, timers."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from functions.declared import TIMERS
from functions.queues.messages import fan_out_message
from functions.queues.statistics import fold_week
from functions.timers.contract import Timer
from functions.timers.scheduling import dispatch_due
from infra.costs.measuring.runs import (
    CONTENTS,
    HTTP,
    MeasureError,
    Measuring,
    PathRun,
    until_delivered,
)
from infra.local.sandbox.seed import PAYMENTS_KEY, SERVICE_ID
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import parse_timestamp
from lib.domain.statistics.weeks import week_of
from lib.ports.documents import Document
from lib.ports.schema.messages import SENT_MESSAGES
from lib.repositories.statistics.folds import fold_entry

_PAYER: Final = "RSSMRA80A01H501U"
_PAYEE: Final = "01234567890"
_HURRIED: Final = "SAMPLE00A00A000A"
_TICK: Final = timedelta(minutes=5)
_NOTICE: Final[Document] = {
    "fiscal_code": _PAYER,
    "notice_number": "302000000000001909",
    "amount_cents": 8450,
    "due_date": "2026-12-28",
    "subject": "Tassa sui rifiuti, prima rata",
    "instalments": [
        {"notice_number": "302000000000000184", "amount_cents": 4225, "due_date": "2026-12-10"},
        {"notice_number": "302000000000000285", "amount_cents": 4225, "due_date": "2026-12-28"},
    ],
}


async def measure_later(measuring: Measuring) -> None:
    """Measure all later paths; they advance the lab's clock by some weeks."""
    await _held(measuring)
    await _instalment(measuring)
    await _reminded(measuring)
    await _paid(measuring)
    await _folded(measuring)
    for timer in TIMERS:
        await _tick(measuring, timer)


async def _tick(measuring: Measuring, timer: Timer) -> None:
    """Measure a tick that finds nothing to do, after a tick that has dispatched all due entries."""
    # at a fixed time of day: ids determine a reminder's minute, and an hour may end in any
    morning = measuring.lab.clock.moment + timedelta(days=1)
    measuring.lab.advance(morning.replace(hour=9, minute=2, second=0, microsecond=0))
    await timer.tick(measuring.lab.app)
    await measuring.settle()
    measuring.lab.advance(measuring.lab.clock.moment + _TICK)
    await measuring.note(f"tick {timer.name}", timer.name, lambda: _ticking(measuring, timer))


def _ticking(measuring: Measuring, timer: Timer) -> Awaitable[None]:
    return timer.tick(measuring.lab.app)


async def _dispatched(measuring: Measuring, name: str, at: datetime) -> None:
    """Measure the additional work of a tick for one due entry of the schedule."""
    measuring.lab.advance(at - timedelta(hours=2))
    await dispatch_due.tick(measuring.lab.app)
    await measuring.settle()
    measuring.lab.advance(at + _TICK)
    await measuring.note(name, dispatch_due.name, lambda: _ticking(measuring, dispatch_due))
    run = measuring.paths[name]
    # empty slots and the checkpoint belong to every tick; of several entries only one is counted
    found = [call for call in run.documents if call.kind == "query" and call.sizes]
    removed = [call for call in run.documents if call.kind == "delete"]
    if not (found and removed and run.queues):
        raise MeasureError(f"{name}: nothing was due")
    # every tick queries this slot too, so only the loaded document is additional
    one = replace(found[0], kind="loaded", sizes=found[0].sizes[:1])
    measuring.paths[name] = PathRun("", (one, removed[0]), run.queues[:1])


async def _held(measuring: Measuring) -> None:
    """Measure a notification above the daily limit, and the digest that contains it."""
    # on a day without earlier notifications, which the digest could contain, too
    measuring.lab.advance(measuring.lab.clock.moment.replace(hour=9) + timedelta(days=1))
    await dispatch_due.tick(measuring.lab.app)
    await measuring.settle()
    call = measuring.lab.call
    profile = (await call("read_profile", citizen=_HURRIED)).body
    change = {"version": profile["version"], "max_daily_notifications": 1}
    await call("update_profile", change, citizen=_HURRIED)
    await measuring.submit("submit plain", {}, _HURRIED)
    await measuring.settle()
    await measuring.submit("submit plain", {}, _HURRIED)
    await measuring.consume("hold back", fan_out_message)
    delivered = until_delivered(measuring.paths["hold back"])
    # the fan-out itself is counted for each message
    calls = measuring.paths["hold back"].documents[delivered:]
    held = tuple(call for call in calls if call.container != SENT_MESSAGES.name)
    measuring.paths["hold back"] = PathRun("", held, ())
    await measuring.settle()
    evening = measuring.lab.clock.moment.replace(hour=17, minute=0)
    await _dispatched(measuring, "dispatch digest", evening)
    await measuring.settle("digest")


async def _reminded(measuring: Measuring) -> None:
    """Measure the second reminder of a notice, which is like the later ones."""
    number = "302000000000002020"
    due = {"due_date": "2026-12-20T22:59:59Z"}
    payment = {**CONTENTS["payment"]["payment_data"], "notice_number": number}
    id_ = await measuring.submit("submit payment", {**due, "payment_data": payment}, _PAYER)
    await measuring.settle()
    for _ in range(2):
        await _dispatched(measuring, "dispatch reminder", await _next(measuring, id_))
        await measuring.settle("process_due_reminder")


async def _next(measuring: Measuring, id_: str) -> datetime:
    answer = await measuring.lab.call("read_reminders", path={"id": id_}, citizen=_PAYER)
    return parse_timestamp(answer.body["next"]["at"])


async def _paid(measuring: Measuring) -> None:
    """Measure a payment of a notice that pagoPA reports, and a request of payment info."""
    rpt_id = f"{_PAYEE}302000000000002020"
    call = measuring.lab.call
    event = {
        "event_id": "receipt-1",
        "occurred_at": f"{measuring.lab.clock.moment:%Y-%m-%dT%H:%M:%SZ}",
        "outcome": "PAID",
        "amount_cents": 8450,
    }
    path = {"rptId": rpt_id}
    await measuring.note(
        "payment info", HTTP, lambda: call("read_payment_info", path=path, citizen=_PAYER)
    )
    await measuring.note(
        "pay",
        HTTP,
        lambda: call("update_payment", event, path={"rpt_id": rpt_id}, key=PAYMENTS_KEY),
    )
    await measuring.settle("record payment")


async def _folded(measuring: Measuring) -> None:
    """Measure the plan and the fold of a service's week."""
    lab, week = measuring.lab, week_of(in_rome(measuring.lab.clock.moment).date())
    folds, service_id = lab.app.repositories.folds, ServiceId(SERVICE_ID)
    await measuring.note(
        "plan fold", "", lambda: folds.schedule(service_id, week, lab.clock.moment)
    )
    await _dispatched(measuring, "dispatch fold", fold_entry(service_id, week).at)
    await measuring.consume("fold week", fold_week)


async def _instalment(measuring: Measuring) -> None:
    """Measure an instalment that becomes a message."""
    call = measuring.lab.call
    await measuring.note("submit notice", HTTP, lambda: call("submit_payment_notice", _NOTICE))
    await measuring.settle()
    await _dispatched(measuring, "dispatch instalment", parse_timestamp("2026-11-29T08:00:00Z"))
    (consumer,) = await measuring.lab.waiting()
    await measuring.consume("instalment", consumer)
    await measuring.settle()
