"""Two months of reminders in minutes, with ticks that come late, come twice or die."""

import asyncio
import contextlib
import heapq
import itertools
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from functions.declared import CONSUMERS
from functions.queues.contract import Consumer
from infra.local.sandbox.seed import SERVICE_ID, a_profile
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import QUEUE_FILE, STORE_FILE
from lib.domain.inbox.flags import Flags
from lib.domain.messages.acceptance import accepted
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.new_message import NewMessage
from lib.domain.payments.payment import PaymentEvent, PaymentOutcome
from lib.domain.reminders.errors import InvalidSnoozeError
from lib.domain.reminders.plan import Step, steps
from lib.domain.services.service import Sender
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document, PatchOperation
from lib.ports.errors import UnavailableError
from lib.ports.push import PushNotification
from lib.ports.queue import QueueItem
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.senders import SERVICES
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import PROFILE_ID, Profiles
from lib.repositories.services.service_mapping import service_of
from tests.builders.identity import an_access
from tests.builders.messages import MARKDOWN, submitted
from tests.builders.payments import a_payment
from tests.doubles.clock import START, StillClock
from tests.faults.flaky import Faults, Flaky
from tests.stack import Stack

TICK: Final = timedelta(minutes=5)
LEAST_OF_EACH_TICK: Final = 10_000
"""With fewer messages, every other tick of the timer is left out: few of them find an item."""
DAYS: Final = 60
MESSAGES_EACH: Final = 12
"""Messages of one citizen, on average."""
PAYEE: Final = "01234567890"
NIGHT: Final = frozenset({20, 21, 22, 23, 0, 1, 2, 3, 4})
"""Hours in UTC."""
LEASE: Final = timedelta(seconds=30)


class CrashError(BaseException):
    """The death of the process: nothing that runs in the process goes on."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """A reminder that was sent, and its moment."""

    at: datetime
    text: str


@dataclass(slots=True)
class Life:
    """The history of a message, as the simulation made it."""

    citizen: str
    rpt_id: RptId | None
    plan: tuple[Step, ...] = ()
    replanned: bool = False
    payments: list[tuple[datetime, str]] = field(default_factory=list)
    pushed: dict[str, list[Pushed]] = field(default_factory=lambda: defaultdict(list))


class Dying(Flaky):
    """A port with calls at which the caller dies, before or after the deed."""

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        call = super().__getattr__(method)
        rng, faults = self._faults.rng, self._faults

        async def dying(*args: Any, **kwargs: Any) -> Any:
            fate = rng.random()
            if faults.rate and fate < faults.rate / 4:
                faults.counts["crash"] += 1
                raise CrashError
            result = await call(*args, **kwargs)
            if faults.rate and fate > 1 - faults.rate / 4:
                faults.counts["crash"] += 1
                raise CrashError
            return result

        return dying if method != "close" else call


class World(Stack):
    """A stack with many citizens, and an agenda of the events to come."""

    def __init__(self, folder: Path, seed: int, messages: int) -> None:
        self.rng = random.Random(seed)
        self.faults = Faults(random.Random(seed))
        clock = StillClock()
        self.real_store = SQLiteStore(folder / STORE_FILE, clock, CONTAINERS)
        self.real_queue = SQLiteQueue(folder / QUEUE_FILE, clock)
        super().__init__(
            folder,
            clock=clock,
            store=Dying("store", self.real_store, self.faults),
            queue=Dying("queue", self.real_queue, self.faults),
            push=self,
            node=None,
        )
        self.clock = clock
        self.size = messages
        self._tick_length = TICK if messages >= LEAST_OF_EACH_TICK else 2 * TICK
        self.citizens = [
            f"SIMULA{n // 1000:02d}A{n // 100 % 10:02d}A{n % 1000:03d}A"
            for n in range(max(1, messages // MESSAGES_EACH))
        ]
        self.lives: dict[str, Life] = {}
        self.quiet: dict[str, tuple[str, str]] = {}
        self.opted_out: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
        self.disturbed: list[str] = []
        self.nagged: list[str] = []
        self._agenda: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._numbers = itertools.count()
        self._outages = self._some_outages()

    async def send(self, notification: PushNotification) -> None:
        """Take a push, and note the reminders."""
        if "-REMINDER-" not in notification.id and "-UNREAD-" not in notification.id:
            return
        life = self.lives[notification.message_id]
        step = notification.id.partition("-")[2].rpartition("-")[0]
        step = step.partition("-")[2] or "unread"
        now = self.clock.now()
        life.pushed[step].append(Pushed(now, notification.title))
        if life.payments and life.payments[-1][1] == "PAID" and life.payments[-1][0] < now:
            self.nagged.append(f"{step} at {now}, paid at {life.payments[-1][0]}")
        choices = self.opted_out[life.citizen]
        if choices and choices[-1][1] and choices[-1][0] < now - timedelta(hours=2):
            self.nagged.append(f"{step} at {now}, opted out at {choices[-1][0]}")
        clock = f"{in_rome(now):%H:%M}"
        start, end = self.quiet.get(life.citizen, ("00:00", "00:00"))
        asleep = start <= clock < end if start <= end else clock >= start or clock < end
        if asleep or not "08:00" <= clock < "21:00":
            self.disturbed.append(f"{step} at {clock}")

    async def prepare(self) -> None:
        """Seed the store, and put the arrival of each message on the agenda."""
        await self.start()
        for number, citizen in enumerate(self.citizens):
            changes: Document = {"max_daily_notifications": 200}
            if number % 5 == 0:
                self.quiet[citizen] = self.rng.choice(
                    [("22:00", "09:30"), ("09:00", "10:00"), ("12:00", "23:00")]
                )
                start, end = self.quiet[citizen]
                changes["quiet_hours"] = {"from": start, "to": end}
            await self.real_store.create(PROFILES, a_profile(citizen, **changes))
            if number % 10 == 0:
                self._opting(citizen)
        stored = await self.real_store.read(SERVICES, SERVICE_ID, SERVICE_ID)
        sender = Sender("simulation", frozenset(), service_of(stored.document))
        for number in range(self.size):
            self._message(sender, number)

    def at(self, moment: datetime, what: Callable[[], Awaitable[None]]) -> None:
        """Put an event on the agenda."""
        heapq.heappush(self._agenda, (moment, next(self._numbers), what))

    async def run(self) -> None:
        """Let two months pass, and another week without failures for amended due dates."""
        self.faults.rate = 0.002
        end = START + timedelta(days=DAYS + 1)
        while self.clock.moment < end:
            self.clock.moment += self._tick_length
            while self._agenda and self._agenda[0][0] <= self.clock.moment:
                await heapq.heappop(self._agenda)[2]()
            if not any(since <= self.clock.moment < until for since, until in self._outages):
                await self._tick()
                await self.work()
        self.faults.rate = 0.0
        for _ in range(7 * 24):
            self.clock.moment += timedelta(hours=1)
            await self.app.scheduling.dispatch_due()
            await self.work()

    async def _tick(self) -> None:
        """Run the timer once as a rule, sometimes not at all, sometimes twice at a time.

        At night, when no reminder is sent, most ticks are left out: that saves half of the time.
        """
        drawn = self.rng.random()
        night = self.clock.moment.hour in NIGHT
        times = 0 if drawn < (0.9 if night else 0.15) else 2 if drawn > 0.95 else 1
        self.faults.counts[f"ticks run {times} times"] += 1
        await asyncio.gather(*(self._once() for _ in range(times)))

    async def _once(self) -> None:
        try:
            await self.app.scheduling.dispatch_due()
        except (UnavailableError, CrashError):
            self.faults.counts["ticks that failed"] += 1

    async def work(self) -> None:
        """Process all visible items; an item comes back when its process died."""
        busy = True
        while busy:
            busy = False
            for consumer in CONSUMERS:
                while items := await self.real_queue.receive(
                    consumer.queue, limit=32, visibility_timeout=LEASE
                ):
                    busy = True
                    await asyncio.gather(*(self._consume(consumer, item) for item in items))

    async def _consume(self, consumer: Consumer[Any], item: QueueItem) -> None:
        try:
            await consumer.consume(self.app, item.text, last=False, again=item.dequeue_count > 1)
        except (UnavailableError, CrashError):
            return
        if self.rng.random() >= 0.005:
            await self.real_queue.delete(consumer.queue, item)

    def _some_outages(self) -> list[tuple[datetime, datetime]]:
        begin = [START + timedelta(days=DAYS * self.rng.random()) for _ in range(4)]
        return [(one, one + timedelta(hours=self.rng.uniform(0.5, 20))) for one in begin]

    def _opting(self, citizen: str) -> None:
        """Let the citizen switch reminders off, and on again fifteen days later."""
        off = START + timedelta(days=self.rng.uniform(0, DAYS))
        for moment, status in ((off, "DISABLED"), (off + timedelta(days=15), "ENABLED")):

            async def opt(status: str = status) -> None:
                stored = await self.real_store.read(PROFILES, citizen, PROFILE_ID)
                await self.real_store.replace(
                    PROFILES, {**stored.document, "reminder_status": status}
                )
                self.opted_out[citizen].append((self.clock.now(), status == "DISABLED"))

            self.at(moment, opt)

    def _message(self, sender: Sender, number: int) -> None:
        rng, citizen = self.rng, self.rng.choice(self.citizens)
        due = START + timedelta(days=rng.uniform(9, DAYS))
        arrives = due - timedelta(days=min(rng.uniform(1, 40), (due - START).days))
        kind = rng.random()
        content: Document = {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN}
        content["due_date"] = f"{due:%Y-%m-%d}T22:59:59Z" if kind < 0.8 else timestamp(due)
        rpt_id = None
        if rng.random() < 0.7:
            notice = f"3{number:017}"
            content["payment_data"] = a_payment(notice_number=notice)
            rpt_id = RptId(f"{PAYEE}{notice}")

        async def arrive() -> None:
            id_ = MessageId(f"01ABC{number:021}")
            reminders = {"unread_after_days": 3, "max": 5} if number % 3 == 0 else None
            submission = {"content": content, **({"reminders": reminders} if reminders else {})}
            message = accepted(
                NewMessage.model_validate(submission),
                sender.service,
                user_id=sender.user_id,
                recipient=citizen,
                id_=id_,
                created_at=timestamp(self.clock.now()),
            )
            await Messages(self.real_store).create(message)
            item = submitted(id_, citizen).text()
            await self.real_queue.put("message-submitted", item)
            profile = await Profiles(self.real_store).profile(citizen)
            quiet = profile.quiet_hours if profile else None
            life = Life(citizen, rpt_id, steps(message.reminded(quiet)))
            self.lives[id_] = life
            self._fate(id_, life, due)

        self.at(arrives, arrive)

    def _fate(self, id_: MessageId, life: Life, due: datetime) -> None:
        """Put the later events of an arrived message on the agenda."""
        rng, now = self.rng, self.clock.now()

        def someday() -> datetime:
            return now + (due - now) * rng.uniform(0, 1.1)

        if life.rpt_id and rng.random() < 0.35:
            paid = someday()
            self.at(paid, lambda: self._pay(life, "PAID"))
            if rng.random() < 0.1:
                self.at(paid + timedelta(days=1), lambda: self._pay(life, "REVERSED"))
        for chance, wish in (
            (0.5, lambda: self._flag(id_, life, is_read=True)),
            (0.04, lambda: self._flag(id_, life, is_archived=True)),
            (0.04, lambda: self._finish(id_, life)),
            (0.04, lambda: self._snooze(id_, life)),
            (0.04, lambda: self._amend(id_, life, due)),
        ):
            if rng.random() < chance:
                self.at(someday(), wish)

    async def _pay(self, life: Life, outcome: PaymentOutcome) -> None:
        now = self.clock.now()
        event = PaymentEvent(f"e{len(life.payments)}", outcome, timestamp(now), "pagopa")
        await self._insist(lambda: self.app.payments.record([(life.rpt_id or RptId(""), event)]))
        life.payments.append((now, outcome))

    async def _flag(self, id_: MessageId, life: Life, **flags: bool) -> None:
        access, wanted = an_access(life.citizen), Flags(**flags)
        await self._insist(lambda: self.app.inbox.change_status(access, id_, wanted))

    async def _finish(self, id_: MessageId, life: Life) -> None:
        life.replanned = True
        access = an_access(life.citizen)
        await self._insist(lambda: self.app.reminders.change.finish(access, id_))

    async def _snooze(self, id_: MessageId, life: Life) -> None:
        life.replanned = True
        access = an_access(life.citizen)
        until = self.clock.now() + timedelta(days=self.rng.uniform(0.1, 5))
        with contextlib.suppress(InvalidSnoozeError):
            await self._insist(lambda: self.app.reminders.change.snooze(access, id_, until))

    async def _amend(self, id_: MessageId, life: Life, due: datetime) -> None:
        """Amend a message as a sender does: change the message, then plan its reminders anew."""
        life.replanned = True
        later = timestamp(due + timedelta(days=self.rng.randint(1, 5)))
        dates = [
            PatchOperation("set", "/due_date", later),
            PatchOperation("set", "/content/due_date", later),
        ]
        await self._insist(lambda: self.real_store.patch(MESSAGES, life.citizen, id_, dates))
        await self._insist(lambda: self.app.reminders.schedule(life.citizen, id_))

    async def _insist(self, call: Callable[[], Awaitable[Any]]) -> None:
        """Repeat the call until it succeeds; bring the message to the inbox first where needed."""
        for _ in range(100):
            try:
                await call()
            except (UnavailableError, CrashError):
                continue
            except MessageNotFoundError:
                self.clock.moment += LEASE
                await self.work()
                continue
            return
        raise AssertionError("never done")
