"""The count of a subscription's calls in one process and in several."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.limits.allowance import DEFAULT_CALLS, WINDOW_SECONDS, Allowance
from lib.domain.limits.call_window import (
    MAX_REPORTED_SLOTS,
    SHARE_UNREPORTED,
    CallWindow,
    slot_of,
)

START = 1_900_000_000.0
LIMIT = DEFAULT_CALLS


@dataclass
class Processes:
    """Some processes that count the calls of one subscription, and share their reports at once."""

    number: int
    limit: int = LIMIT
    windows: list[CallWindow] = field(init=False)
    counted: dict[int, int] = field(default_factory=dict)
    reports: int = 0
    passed: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.windows = [CallWindow(self.limit) for _ in range(self.number)]

    def call(self, process: int, now: float) -> Allowance | None:
        """Make a call, after and before the reports that are due."""
        window = self.windows[process]
        window.standing(self.limit, now)
        if window.unreported >= window.report_after:
            self.report(process)
        allowance = window.add(self.limit, now)
        if allowance is not None:
            self.passed.append(now)
        return allowance

    def report(self, process: int) -> None:
        """Report the calls of a process."""
        window = self.windows[process]
        for slot, count in window.take_report(0).items():
            self.counted[slot] = self.counted.get(slot, 0) + count
        window.confirm(self.counted, 0, self.number, self.limit)
        self.reports += 1


def most_in_a_window(moments: Iterable[float]) -> int:
    """Return the most of these moments in any five seconds."""
    times, most, first = sorted(moments), 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - WINDOW_SECONDS:
            first += 1
        most = max(most, last - first + 1)
    return most


CALLS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from((0.0, 0.0, 0.001, 0.01, 0.1, 0.3, 1.0, 4.9, 7.0))),
    max_size=900,
)


@given(calls=CALLS, number=st.integers(1, 4), limit=st.sampled_from((1, 10, 40, 150)))
def test_no_five_seconds_pass_more_than_the_limit_and_what_is_unreported(
    calls: list[tuple[int, float]], number: int, limit: int
) -> None:
    """At any rhythm, over any number of processes; one process alone passes the limit exactly."""
    processes, now = Processes(number, limit), START
    for process, pause in calls:
        now += pause
        processes.call(process % number, now)

    unreported = max(window.wait_after for window in processes.windows)
    assert most_in_a_window(processes.passed) <= limit + (number - 1) * unreported


@given(calls=CALLS)
def test_one_process_alone_refuses_at_the_limit_alone(calls: list[tuple[int, float]]) -> None:
    """A call is refused only if the five seconds and a quarter before have the limit in calls."""
    processes, now = Processes(1, 40), START
    for _, pause in calls:
        now += pause
        if processes.call(0, now) is None:
            assert sum(one > now - WINDOW_SECONDS - 0.25 for one in processes.passed) == 40


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_flood_passes_the_limit_within_a_tenth(number: int) -> None:
    """A thousand calls a second, spread over the processes, for half a minute."""
    processes = Processes(number)
    for at in range(30_000):
        processes.call(at % number, START + at / 1000)

    assert most_in_a_window(processes.passed) <= LIMIT * 1.1
    assert len(processes.passed) >= 0.9 * LIMIT * 30 / WINDOW_SECONDS


def test_a_sender_below_the_limit_is_never_refused() -> None:
    """29 calls a second over two processes, of the 30 that are allowed on average."""
    processes = Processes(2)
    for at in range(29 * 60):
        assert processes.call(at * 7 // 3 % 2, START + at / 28) is not None


def test_reports_are_few() -> None:
    """At the limit, one report for each four calls at most; a slow sender has none."""
    processes = Processes(2)
    for at in range(30 * 60):
        processes.call(at % 2, START + at / 30)
    assert processes.reports <= len(processes.passed) / 4

    slow = Processes(2)
    for at in range(600):
        slow.call(at % 2, START + at)
    assert slow.reports == 0


def test_any_number_of_processes_have_the_same_share_unreported() -> None:
    """The more processes there are, the sooner each one reports."""
    for number in (2, 3, 4):
        processes = Processes(number, 1000)
        processes.report(0)
        assert processes.windows[0].wait_after * (number - 1) <= 1000 // SHARE_UNREPORTED


def test_the_count_tells_what_is_left_and_when() -> None:
    """The first call leaves the count after five seconds and the rest of its quarter."""
    window = CallWindow(3)

    assert window.standing(3, START) == Allowance(3, 3, 0)
    assert window.add(3, START) == Allowance(3, 2, 6)
    assert window.add(3, START + 1.5) == Allowance(3, 1, 4)
    assert window.add(3, START + 1.5) == Allowance(3, 0, 4)
    assert window.add(3, START + 5.2) is None
    assert window.standing(3, START + 5.2) == Allowance(3, 0, 1)
    assert window.add(3, START + 5.25) == Allowance(3, 0, 2)


def test_a_limit_of_zero_admits_nothing() -> None:
    """A subscription may be stopped without losing its keys."""
    assert CallWindow(0).add(0, START) is None


def test_a_report_that_failed_is_made_again() -> None:
    """Its calls stay unreported, and the own count is not touched."""
    processes = Processes(2)
    for _ in range(5):
        processes.windows[0].add(LIMIT, START)
    processes.windows[0].take_report(0)
    processes.windows[0].put_back()

    assert processes.windows[0].unreported == 5
    processes.report(0)
    processes.windows[1].standing(LIMIT, START)
    processes.report(1)
    assert processes.windows[1].standing(LIMIT, START).remaining == LIMIT - 5
    assert processes.windows[0].standing(LIMIT, START).remaining == LIMIT - 5


def test_calls_during_a_report_stay_unreported() -> None:
    """The report has the calls before it alone."""
    window = CallWindow(LIMIT)
    for _ in range(5):
        window.add(LIMIT, START)
    report = window.take_report(0)
    window.add(LIMIT, START + 0.1)
    window.confirm(report, 0, 1, LIMIT)

    assert (sum(report.values()), window.unreported) == (5, 1)
    assert window.standing(LIMIT, START + 0.1).remaining == LIMIT - 6


def test_a_report_fits_a_patch() -> None:
    """Calls of many quarters, or from before the period, count in later quarters."""
    window = CallWindow(LIMIT)
    for at in range(12):
        window.add(LIMIT, START + at / 4)

    report = window.take_report(0)
    assert len(report) == MAX_REPORTED_SLOTS
    assert sum(report.values()) == 12
    assert report[slot_of(START) + 4] == 5

    window.put_back()
    later = slot_of(START) + 10
    assert window.take_report(later) == {later: 11, later + 1: 1}


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
def test_a_clock_that_is_set_forgets_the_count(step: float) -> None:
    """A sender is not locked out for an hour; steps of a second and less are ignored."""
    window = CallWindow(3)
    for _ in range(3):
        window.add(3, START)

    assert window.add(3, START - 1) is None
    assert window.add(3, START + step) is not None
