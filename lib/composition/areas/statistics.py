"""Wires the use cases of statistics."""

from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.use_cases.statistics.count_sender_event import CountSenderEvent
from lib.use_cases.statistics.fold_week import FoldWeek
from lib.use_cases.statistics.read_payment_statistics import ReadPaymentStatistics
from lib.use_cases.statistics.sender_events import SenderEvents


class StatisticsUseCases:
    """Senders' counts, and the events that they are counted from."""

    def __init__(self, ports: Ports, repositories: Repositories) -> None:
        statistics, clock = repositories.statistics, ports.clock
        self.count_event = CountSenderEvent(statistics, clock)
        self.events = SenderEvents(ports.queue, clock, self.count_event)
        places = (statistics.fold, repositories.sent_lists.fold)
        self.fold_week = FoldWeek(repositories.folds, places, clock)
        self.read_payments = ReadPaymentStatistics(statistics, clock)
