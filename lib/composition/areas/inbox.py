"""Wires the use cases of the citizen's inbox, with the repositories that no other area uses."""

from lib.composition.areas.statistics import StatisticsUseCases
from lib.composition.repositories import Repositories
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.repositories.inbox.bin import Bin
from lib.repositories.inbox.bin_sweeps import BinSweeps
from lib.repositories.inbox.changes import InboxChanges
from lib.repositories.inbox.counters import InboxCounters
from lib.repositories.inbox.inbox import Inbox
from lib.repositories.inbox.marks import Marks
from lib.repositories.inbox.own_notifications import OwnNotifications
from lib.repositories.inbox.search.message_words import MessageWords
from lib.repositories.inbox.search.searches import Searches
from lib.repositories.inbox.search.word_index import WordIndex
from lib.repositories.inbox.search.written_messages import WrittenMessages
from lib.use_cases.inbox.bin_message import BinMessage
from lib.use_cases.inbox.change_many import ChangeMany
from lib.use_cases.inbox.change_message_status import ChangeMessageStatus
from lib.use_cases.inbox.count_inbox import CountInbox
from lib.use_cases.inbox.empty_bins import EmptyBins
from lib.use_cases.inbox.follow_inbox import FollowInbox
from lib.use_cases.inbox.index_inbox import IndexInbox
from lib.use_cases.inbox.keep_to_services import KeepToServices
from lib.use_cases.inbox.list_inbox import ListInbox
from lib.use_cases.inbox.list_notifications import ListNotifications
from lib.use_cases.inbox.search_inbox import SearchInbox


class InboxUseCases:
    """A citizen's inbox as a whole: its lists and filters, its archive and its bin."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        statistics: StatisticsUseCases,
    ) -> None:
        store, clock = ports.store, ports.clock
        words, index = MessageWords(repositories.contents), WordIndex(store)
        search = SearchInbox(index, Searches(store), ports.queue, clock)
        self.list = ListInbox(Inbox(store, words), search, clock)
        self.index = IndexInbox(index, WrittenMessages(store), words, ports.queue, clock)
        self.count = CountInbox(InboxCounters(store), clock)
        self.notifications = ListNotifications(OwnNotifications(store))
        # the document of a withdrawn message is kept so long
        days = min(30, settings.rejected_retention_days)
        self.follow = FollowInbox(InboxChanges(store), clock, days=days)
        move = BinMessage(
            repositories.messages,
            Bin(store),
            repositories.profiles,
            repositories.schedule,
            clock,
            days=settings.days_in_bin,
        )
        self.empty_bins = EmptyBins(BinSweeps(store), clock)
        self.change_status = ChangeMessageStatus(Marks(store), move, statistics.events, clock)
        self.keep_to_services = KeepToServices(repositories.messages)
        self.change_many = ChangeMany(self.keep_to_services, self.change_status, self.list)
