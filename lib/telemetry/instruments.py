"""The metrics of the app: their names, units and buckets, and the sums of the counters."""

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation

from lib.telemetry.parents import NOBODY

COUNTERS: Final = {
    "recapito.messages": ("{message}", "Messages by the status they came to"),
    "recapito.batches": ("{batch}", "Batches by the status they came to"),
    "recapito.notifications": ("{notification}", "Notifications by what became of them"),
    "recapito.reminders": ("{reminder}", "Reminders by what became of them"),
    "recapito.schedule_dispatched": ("{item}", "Items of the schedule whose moment had come"),
    "recapito.swept": ("{item}", "Overdue messages that were queued again"),
    "recapito.schedule_set_back": ("{time}", "Times that the schedule was ahead of the clock"),
    "recapito.payments": ("{payment}", "Payments by the status they came to"),
    "recapito.sender_events": ("{event}", "Events for senders' statistics by what became of them"),
    "recapito.erasures": ("{citizen}", "Citizens whose data was erased"),
    "recapito.dead_letters": ("{item}", "Queue items that could not be processed"),
    "recapito.replayed": ("{item}", "Dead letters that operators put back into their queue"),
    "recapito.requeued": ("{item}", "Queue items that an outage sent back to their queue"),
    "recapito.previous_secrets": ("{use}", "Uses of a secret that is being replaced, by its name"),
    "recapito.call_limit_warnings": ("{time}", "Times that a sender came near its call limit"),
    "recapito.calls_refused": ("{call}", "Calls beyond the limit of their sender"),
    "recapito.calls_unreported": ("{report}", "Reports of calls that failed, in an outage"),
    "recapito.outcomes_unnoted": ("{action}", "Outcomes that the operators' log lacks"),
    "recapito.accesses_unnoted": ("{access}", "Accesses that access logs lack, by an outage"),
    "recapito.store.requests": ("{request}", "Requests to the document store"),
    "recapito.store.request_charge": ("{request_unit}", "What they cost, in request units"),
}
"""The unit and description of each counter."""

_OF_REQUESTS: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75),
    *(1.0, 2.5, 5.0, 7.5, 10.0),
)
_OF_DELIVERIES: Final = (
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0, 21_600.0, 86_400.0, 604_800.0),
)

HISTOGRAMS: Final = {
    "recapito.requests": ("HTTP requests, from invocation to answer", _OF_REQUESTS),
    "recapito.accept_to_inbox": ("From a message's acceptance to the inbox", _OF_DELIVERIES),
    "recapito.reminder_lag": ("From a reminder's moment until it is sent", _OF_DELIVERIES),
    "recapito.queue_wait": ("From when an item may run until it does", _OF_DELIVERIES),
}
"""The description and bounds (in seconds) of each histogram.

The histogram of requests has the bounds of OpenTelemetry.
"""

type _Series = tuple[Counter, tuple[tuple[str, str], ...]]
"""A counter, and the names and values of attributes."""


class Counts:
    """The counters of the app, with the sums since the last export.

    Cost: an addition here takes a tenth of the time of one in the SDK, and a message makes some
    twenty. The SDK gets one addition for each series and export.
    Concurrency: several threads may add while another exports; each addition is exported once.
    """

    def __init__(self, meter: Meter) -> None:
        self._counters: Final[Mapping[str, Counter]] = {
            name: meter.create_counter(name, unit, description)
            for name, (unit, description) in COUNTERS.items()
        }
        self._lock: Final = Lock()
        self._sums: dict[_Series, float] = {}
        # an export begins with the callbacks; this one observes nothing itself
        meter.create_observable_gauge("recapito.counts", [self._hand_over])

    def add(self, counter: str, amount: float, attributes: Mapping[str, str]) -> None:
        """Add to a counter."""
        series = self._counters[counter], tuple(attributes.items())
        with self._lock:
            self._sums[series] = self._sums.get(series, 0) + amount

    def _hand_over(self, _: CallbackOptions) -> Iterable[Observation]:
        with self._lock:
            sums, self._sums = self._sums, {}
        for (counter, attributes), amount in sums.items():
            counter.add(amount, dict(attributes), NOBODY)
        return ()
