"""A tax notice over thirty days, on the host, by the sandbox's clock."""

import calendar
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib.adapters.embedded.clock import SandboxClock
from lib.composition.stacks import CLOCK_FILE
from tests.builders.payments import a_payment
from tests.host.host_process import wait_for
from tests.journeys.support import INBOX, Journeys, assert_private, start

ROME = ZoneInfo("Europe/Rome")
PAYER = "RSSMRA80A01H501U"
OPTED_OUT = "NOREMI00A00A000A"
NOTICE = "3010000000000000"
NUMBERS = {CITIZEN: "17", PAYER: "25", OPTED_OUT: "33"}


def october() -> date:
    """Return a day of the next October thirty days around the change of the clocks."""
    today = datetime.now(UTC).date()
    year = today.year + (today >= date(today.year, 10, 1))
    return date(year, 10, 8)


def at(day: date, clock: time) -> datetime:
    """Return a moment of Italy's clock."""
    return datetime.combine(day, clock, ROME)


@pytest.fixture(params=["embedded", "emulators"])
def journeys(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journeys]:
    """Yield a host whose clock starts at the evening before."""
    settings = {}
    if request.param == "emulators":
        emulators: Emulators = request.getfixturevalue("emulators")
        settings = {**emulators.settings(), "COSMOS_DATABASE": f"journeys-{secrets.token_hex(6)}"}
    clock = SandboxClock(tmp_path / CLOCK_FILE)
    clock.set(at(october() - timedelta(days=1), time(20)))
    clock.close()
    with start(tmp_path, "--workers", "2", **settings) as host:
        running = Journeys(host)
        yield running
        running.session.close()
    assert_private(host)


class Play:
    """The days of the notice, and the pushes on them."""

    def __init__(self, journeys: Journeys) -> None:
        self._journeys = journeys
        self.messages: dict[str, str] = {}

    def send(self, due: date) -> None:
        """Send the notice to each of the three."""
        for citizen, digits in NUMBERS.items():
            self.messages[citizen] = self._journeys.deliver(
                fiscal_code=citizen,
                content={
                    "subject": "Tassa sui rifiuti",
                    "due_date": f"{due}T23:59:59+01:00",
                    "payment_data": a_payment(notice_number=f"{NOTICE}{digits}"),
                },
                # the days are the calendar's, whatever weekday they fall on in the year of the test
                reminders={"working_days_only": False},
            )

    def pay(self, citizen: str) -> None:
        """Send the update that the citizen paid."""
        journeys, now = self._journeys, self.now()
        update = {"event_id": "e", "occurred_at": now, "outcome": "PAID"}
        path = f"/api/payments/v1/payments/01234567890{NOTICE}{NUMBERS[citizen]}"
        answer = journeys.as_sender("PUT", path, key=PAYMENTS_KEY, json=update)
        assert answer.status_code == 200, answer.text

    def now(self) -> str:
        """Return the time."""
        return str(self._journeys.call("GET", "/sandbox/clock").json()["now"])

    def go_to(self, moment: datetime) -> None:
        """Move the clock, and wait until no reminder is due or on its way."""
        body = {"now": moment.astimezone(UTC).isoformat()}
        assert self._journeys.call("POST", "/sandbox/clock", json=body).status_code == 200

        def done() -> bool:
            now = self.now()
            return all(self._next(one) > now and self._is_told(one) for one in NUMBERS)

        assert wait_for(done, 60)

    def _is_told(self, citizen: str) -> bool:
        """Tell whether the phone has shown each reminder that the plan says was sent."""
        sent = [one for one in self.plan(citizen)["past"] if one["outcome"] == "SENT"]
        return len(self.reminded(citizen)) >= len(sent)

    def _next(self, citizen: str) -> str:
        plan = self.plan(citizen)
        return str(plan["next"]["at"]) if "next" in plan else "9"

    def plan(self, citizen: str) -> Any:
        """Return the citizen's view of the reminders."""
        token = self._journeys.token(citizen)
        path = f"{INBOX}/{self.messages[citizen]}/reminders"
        answer = self._journeys.as_citizen("GET", path, token=token)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reminded(self, citizen: str) -> list[tuple[date, int, str]]:
        """Return day, hour and words of each reminder, in Italy's time."""
        pushes = self._journeys.pushes(self.messages[citizen])
        shown = [
            (datetime.fromisoformat(push["captured_at"]).astimezone(ROME), push["title"])
            for push in pushes
            if "-REMINDER-" in push["id"]
        ]
        return [(moment.date(), moment.hour, title) for moment, title in shown]


@pytest.mark.slow
def test_a_tax_notice_over_thirty_days(journeys: Journeys) -> None:
    """Four reminders come on the right mornings, across the change of the clocks.

    No reminder comes after a payment, at night, or to a citizen who wants none.
    """
    first = october()
    change = max(week[6] for week in calendar.monthcalendar(first.year, 10) if week[6])
    due = date(first.year, 10, change) + timedelta(days=4)
    play = Play(journeys)
    play.send(due)

    for day in (first + timedelta(days=number) for number in range(31)):
        for clock in (time(9, 58), time(23, 30)):
            play.go_to(at(day, clock))
        if day == due - timedelta(days=2):
            play.pay(PAYER)

    mornings = [due - timedelta(days=days) for days in (7, 3, 1, 0)]
    wait_for(lambda: len(play.reminded(CITIZEN)) >= len(mornings))
    shown = play.reminded(CITIZEN)
    assert [(day, hour) for day, hour, _ in shown] == [(day, 9) for day in mornings]
    titles = [title for _, _, title in shown]
    assert titles[:2] == ["Hai un avviso da pagare"] * 2
    assert titles[2:] == ["Hai un avviso che scade domani", "Hai un avviso che scade oggi"]
    assert [day for day, _, _ in play.reminded(PAYER)] == mornings[:2]
    assert play.reminded(OPTED_OUT) == []
    assert play.plan(PAYER)["ended"] == "PAID"
    outcomes = {one["outcome"] for one in play.plan(OPTED_OUT)["past"]}
    assert outcomes == {"OPTED_OUT"}
