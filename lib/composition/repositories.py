"""Builds each repository once: the use cases of an app share their caches and their state."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from lib.ports.documents import DocumentStore
from lib.repositories.devices.devices import CitizensDevices, PushChannels
from lib.repositories.identity.evidence_seal import EvidenceSeal
from lib.repositories.identity.kept_evidence import EvidenceLog
from lib.repositories.identity.voucher_clients import VoucherClients
from lib.repositories.limits.call_counts import CallCounts
from lib.repositories.messages.contents import Contents
from lib.repositories.messages.held_messages import HeldMessages
from lib.repositories.messages.idempotency_keys import IdempotencyKeys
from lib.repositories.messages.message_sweeps import MessageSweeps
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.notice_messages import NoticeMessages
from lib.repositories.messages.recalls import Recalls
from lib.repositories.messages.reminder_plans import ReminderPlans
from lib.repositories.messages.scheduled_messages import ScheduledMessages
from lib.repositories.messages.sent.sent_entries import SentEntries
from lib.repositories.messages.sent.sent_lists import SentLists
from lib.repositories.messages.sent.sent_selections import SentSelections
from lib.repositories.messages.sent.sent_to_citizen import SentToCitizen
from lib.repositories.messages.withdrawals import Withdrawals
from lib.repositories.notifications.daily_limits import DailyLimits
from lib.repositories.notifications.former_claims import FormerClaims
from lib.repositories.notifications.notifications import Notifications
from lib.repositories.operations.dead_letters import DeadLetters
from lib.repositories.operations.doubtful_claims import DoubtfulClaims
from lib.repositories.operations.store_health import StoreHealth
from lib.repositories.operations.sweeps import Sweeps
from lib.repositories.organizations.applications import Applications
from lib.repositories.organizations.delegated_messages import DelegatedMessages
from lib.repositories.organizations.delegations import Delegations
from lib.repositories.organizations.organization_days import OrganizationDays
from lib.repositories.organizations.organizations import Organizations
from lib.repositories.organizations.standing import Standing
from lib.repositories.payment_notices.notices import Notices
from lib.repositories.payments.payments import Payments
from lib.repositories.profiles.activations import Activations
from lib.repositories.profiles.email_addresses import EmailAddresses
from lib.repositories.profiles.many_profiles import ManyProfiles
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.profiles.subscriptions_feed import SubscriptionsFeed
from lib.repositories.remote_content.configurations import Configurations
from lib.repositories.remote_content.counted_trials import CountedTrials
from lib.repositories.remote_content.ownerships import Ownerships
from lib.repositories.remote_content.secret_box import SecretBox
from lib.repositories.remote_content.secret_sweeps import SecretSweeps
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.services.duplicate_policies import DuplicatePolicies
from lib.repositories.services.key_holders import KeyHolders
from lib.repositories.services.managed_services import ManagedServices
from lib.repositories.services.organization_services import OrganizationServices
from lib.repositories.services.reminder_policies import ReminderPolicies
from lib.repositories.services.service_registry import ServiceRegistry
from lib.repositories.services.service_reviews import ServiceReviews
from lib.repositories.services.services import Services
from lib.repositories.services.subscriptions import Subscriptions
from lib.repositories.statistics.folds import Folds
from lib.repositories.statistics.statistics import Statistics

if TYPE_CHECKING:
    from lib.repositories.parties.parties import Parties
    from lib.repositories.personal_data.erasures import Erasures
    from lib.repositories.services.catalog.catalog import Catalog


class Repositories:
    """The repositories of an app, on its store. Each use case takes the ones that it needs.

    `remember`: the time that senders and services are cached. `box`: the encryption of senders'
    secrets, None without a secret for it. `seal`: the encryption of evidence, likewise.
    """

    def __init__(
        self,
        store: DocumentStore,
        remember: timedelta,
        box: SecretBox | None = None,
        seal: EvidenceSeal | None = None,
    ) -> None:
        self.schedule = Schedule(store)
        self.devices = CitizensDevices(store)
        self.push_channels = PushChannels(store)
        self.folds = Folds(self.schedule)
        self.statistics = Statistics(store, self.folds)

        self._build_callers(store, remember, seal)
        self.services = Services(store, remember)
        self.subscriptions = Subscriptions(store)
        self.organizations = Organizations(store)
        self.managed_services = ManagedServices(store)
        self.organization_services = OrganizationServices(store)
        self.service_registry = ServiceRegistry(store)
        self._store, self._remember = store, remember
        self.service_reviews = ServiceReviews(store)
        self.delegations = Delegations(store)
        self.delegated_messages = DelegatedMessages(store)
        self.organization_days = OrganizationDays(store)
        self.organization_applications = Applications(store)
        standing = Standing(self.organizations, self.delegations, self.subscriptions)
        self.key_holders = KeyHolders(store, remember, standing)
        self.reminder_policies = ReminderPolicies(store)
        self.duplicate_policies = DuplicatePolicies(store)
        self.remote_content_ownerships = Ownerships(store, remember)
        self.remote_content_configurations = Configurations(store, box, remember)
        self.secret_sweeps = SecretSweeps(store, box)
        self.remote_content_trials = CountedTrials(store)

        self.payments = Payments(store)
        self.notices = Notices(store)
        self.notice_messages = NoticeMessages(store)

        self.daily_limits = DailyLimits(store)
        self.notifications, self.former_claims = Notifications(store), FormerClaims(store)

        self.profiles = Profiles(store)
        self.many_profiles = ManyProfiles(store)
        self.activations = Activations(store)
        self.subscriptions_feed = SubscriptionsFeed(store)
        self.email_addresses = EmailAddresses(store)

        self.messages, self.contents = Messages(store), Contents(store)
        self.reminder_plans = ReminderPlans(store)
        self.withdrawals = Withdrawals(store)
        self.recalls = Recalls(store)
        self._build_sent(store)
        self.message_sweeps = MessageSweeps(store)
        self.held_messages, self.scheduled_messages = HeldMessages(store), ScheduledMessages(store)
        self.idempotency_keys = IdempotencyKeys(store)

        self.store_health = StoreHealth(store)
        self.dead_letters = DeadLetters(store)
        self.doubtful_claims = DoubtfulClaims(store)
        self.sweeps = Sweeps(store)

    @cached_property
    def catalog(self) -> "Catalog":
        from lib.repositories.services.catalog.catalog import Catalog  # noqa: PLC0415 - few use it

        return Catalog(self._store, self._remember)

    @cached_property
    def parties(self) -> "Parties":
        from lib.repositories.parties.parties import Parties  # noqa: PLC0415 - few use it

        return Parties(self._store)

    @cached_property
    def erasures(self) -> "Erasures":
        from lib.repositories.personal_data.erasures import Erasures  # noqa: PLC0415 - few use it

        return Erasures(self._store)

    def _build_sent(self, store: DocumentStore) -> None:
        self.sent_entries = SentEntries(store, self.folds)
        self.sent_lists = SentLists(store)
        self.sent_selections = SentSelections(store)
        self.sent_to_citizen = SentToCitizen(store)

    def _build_callers(
        self, store: DocumentStore, remember: timedelta, seal: EvidenceSeal | None
    ) -> None:
        self.call_counts = CallCounts(store)
        self.voucher_clients = VoucherClients(store, remember)
        self.evidence = EvidenceLog(store, seal)
