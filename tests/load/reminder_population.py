"""Schedules for a bench: written straight into the store, by the product's own code."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ulid import ULID

from infra.local.sandbox.seed import SERVICE_ID, a_profile
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.repositories import Repositories
from lib.composition.stacks import QUEUE_FILE, STORE_FILE
from lib.domain.identity.acting import Told
from lib.domain.messages.acceptance import accepted
from lib.domain.messages.message import Message
from lib.domain.messages.new_message import NewMessage
from lib.domain.services.service import Service
from lib.domain.shared.deadline import in_rome, rome
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.documents import DAY_SECONDS, DocumentStore
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.attachments.attachments import Attachments
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.residents import ResidentStandings
from lib.repositories.scheduling.schedule import Schedule
from lib.use_cases.attachments.attach_files import AttachFiles
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.messages.checks.hold_message import HoldMessage
from lib.use_cases.messages.decide_outcome import DecideOutcome
from lib.use_cases.messages.fan_out_message import FanOutMessage
from lib.use_cases.messages.sent.note_sent import NoteSent
from lib.use_cases.messages.translate_notice import TranslateNotice
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage
from lib.use_cases.notifications.delegates.announce_message import AnnounceMessage
from lib.use_cases.notifications.delegates.find_delegates import FindDelegates
from lib.use_cases.notifications.notify_at_once import NotifyAtOnce
from lib.use_cases.notifications.request_notifications import RequestNotifications
from lib.use_cases.organizations.log_delegated import LogDelegated
from lib.use_cases.payments.standings import Standings
from lib.use_cases.profiles.reach import Reach
from lib.use_cases.profiles.recipients.check_resident import CheckResident
from lib.use_cases.reminders.reminder_entry import reminder_entry
from lib.use_cases.statistics.count_sender_event import CountSenderEvent
from lib.use_cases.statistics.sender_events import SenderEvents
from tests.load.population import DOCUMENTS_PER_WRITE, MARKDOWN, fiscal_code

SPREAD_MINUTES = 5
WEEKS = 6


class FixedClock:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment


async def add_entries(
    store: DocumentStore, count: int, at: datetime, progress: Callable[[int], None]
) -> None:
    """Schedule reminders as the plans of many messages do, each day of WEEKS at the same hour.

    It is the hour that begins with `at`, at which itself none is due. `progress` hears how many
    more there are.
    """
    schedule = Schedule(store)
    minutes = range(SPREAD_MINUTES, 60, SPREAD_MINUTES)
    days = range(WEEKS * 7)
    moments = [at + timedelta(days=day, minutes=minute) for minute in minutes for day in days]

    async def add(number: int) -> None:
        moment = moments[number % len(moments)]
        await schedule.put(reminder_entry(fiscal_code(number), MessageId(str(ULID())), moment), at)

    for numbers in itertools.batched(range(count), DOCUMENTS_PER_WRITE, strict=False):
        await asyncio.gather(*(add(number) for number in numbers))
        progress(len(numbers))


async def add_due(store: DocumentStore, count: int, at: datetime) -> None:
    """Schedule reminders for this very moment."""
    schedule = Schedule(store)
    before = at - timedelta(hours=1)
    await asyncio.gather(
        *(
            schedule.put(reminder_entry(fiscal_code(n), MessageId(str(ULID())), at), before)
            for n in range(count)
        )
    )


async def add_notices(
    folder: Path, count: int, now: datetime, progress: Callable[[int], None]
) -> datetime:
    """Deliver a notice, to be paid by the same day, to each of `count` citizens.

    They came a day before `now`; return the moment at which all are due for their first reminder,
    which is the one for the day before.
    """
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)
    # the items of the day before are long done
    queue = SQLiteQueue(folder / "done.db", SystemClock())
    clock = FixedClock(now - timedelta(days=1))
    due_day = in_rome(now).date() + timedelta(days=2)
    due_date = rome(due_day, time(23, 59)).strftime("%Y-%m-%dT%H:%M:%SZ")
    repositories = Repositories(store, timedelta(0))
    messages, payments = repositories.messages, repositories.payments
    note = NoteSent(repositories.sent_entries, clock, rejected_ttl=DAY_SECONDS)
    request = RequestNotifications(queue, clock, frozenset())
    hold = HoldMessage(
        repositories.held_messages,
        messages,
        queue,
        clock,
        note,
        CheckSubmission(
            repositories.idempotency_keys,
            messages,
            repositories.contents,
            payments,
            repositories.remote_content_ownerships,
            repositories.remote_content_configurations,
            AttachFiles(Attachments(store), messages, clock),
            clock,
        ),
        dropped_ttl=DAY_SECONDS,
    )
    fan_out = FanOutMessage(
        messages,
        repositories.profiles,
        Reach(repositories.activations, clock),
        DecideOutcome(
            messages,
            payments,
            repositories.schedule,
            hold,
            CheckResident(None, ResidentStandings(store), clock, days=0),
            clock,
        ),
        TranslateNotice(Standings(repositories.notices, payments)),
        clock,
        AnnounceMessage(
            request,
            FindDelegates(_nobody, request),
            NotifyAtOnce(request, _never),
        ),
        SenderEvents(queue, clock, CountSenderEvent(repositories.statistics, clock)),
        LogDelegated(repositories.delegated_messages),
        WithdrawMessage(
            messages,
            repositories.withdrawals,
            payments,
            repositories.profiles,
            repositories.held_messages,
            note,
            clock,
            kept_ttl=DAY_SECONDS,
        ),
        note,
        rejected_ttl=DAY_SECONDS,
    )

    async def add(number: int) -> None:
        payment = {"amount": 8450, "notice_number": f"301{number:013d}10"}
        message = _message(number, clock.moment, due_date=due_date, payment_data=payment)
        # a default profile holds a service to three notifications a day
        profile = a_profile(message.fiscal_code, max_daily_notifications=50)
        await store.upsert(PROFILES, profile)
        await messages.create(message)
        await fan_out(_submitted(message))

    for numbers in itertools.batched(range(count), DOCUMENTS_PER_WRITE, strict=False):
        await asyncio.gather(*(add(number) for number in numbers))
        progress(len(numbers))
    await queue.close()
    await store.close()
    return rome(due_day - timedelta(days=1), time(9, 60 - SPREAD_MINUTES))


async def add_backlog(
    folder: Path, count: int, citizens: int, accepted: datetime, delay: timedelta
) -> frozenset[str]:
    """Accept messages of the plainest kind at that moment; their fan-out begins `delay` later.

    Return their ids.
    """
    hidden = accepted + delay - datetime.now(UTC)
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)
    queue = SQLiteQueue(folder / QUEUE_FILE, SystemClock())

    async def add(number: int) -> str:
        message = _message(number % citizens, accepted)
        await Messages(store).create(message)
        await queue.put(MESSAGE_SUBMITTED, _submitted(message).text(), delay=hidden)
        return message.id

    ids: list[str] = []
    for numbers in itertools.batched(range(count), DOCUMENTS_PER_WRITE, strict=False):
        ids += await asyncio.gather(*(add(number) for number in numbers))
    await queue.close()
    await store.close()
    return frozenset(ids)


def _message(number: int, at: datetime, **content: Any) -> Message:
    service = Service(
        SERVICE_ID,
        "Tassa sui rifiuti",
        "",
        "Comune di Esempio",
        OrganizationFiscalCode("01234567890"),
    )
    written = {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN, **content}
    return accepted(
        NewMessage.model_validate({"content": written}),
        service,
        user_id="bench",
        recipient=fiscal_code(number),
        id_=MessageId(str(ULID.from_datetime(at))),
        created_at=timestamp(at),
    )


def _submitted(message: Message) -> MessageSubmitted:
    return MessageSubmitted(
        fiscal_code=message.fiscal_code, message_id=message.id, service_id=SERVICE_ID
    )


async def _never(*_: object) -> None:
    """Fail, since the messages have no channel."""
    raise AssertionError


async def _nobody(*_: object) -> tuple[Told, ...]:
    """Tell no delegate."""
    return ()
