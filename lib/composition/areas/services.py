"""Wires the use cases of services."""

from lib.composition.areas.identity import IdentityUseCases
from lib.composition.repositories import Repositories
from lib.composition.secrets import key_hashes_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.messages.checks.change_duplicate_policy import ChangeDuplicatePolicy
from lib.use_cases.reminders.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.reminders.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.services.catalog.keep_catalog import KeepCatalog
from lib.use_cases.services.catalog.read_catalog import ReadCatalog
from lib.use_cases.services.change_service import ChangeService
from lib.use_cases.services.create_service import CreateService
from lib.use_cases.services.follow_organization import FollowOrganization
from lib.use_cases.services.issue_keys import IssueKeys
from lib.use_cases.services.keep_logo import KeepLogo
from lib.use_cases.services.manage_keys import ManageKeys
from lib.use_cases.services.manage_policies import (
    ManageDuplicatePolicy,
    ManageReminderPolicy,
    ManageSecondLanguage,
    RegisteredServices,
)
from lib.use_cases.services.manage_service import ManageService
from lib.use_cases.services.operators.grant_rights import GrantRights
from lib.use_cases.services.owned_services import OwnedServices
from lib.use_cases.services.read_services import ReadServices
from lib.use_cases.services.register_service import RegisterService
from lib.use_cases.services.review_service import DecideReview, FollowServiceChange
from lib.use_cases.services.vouchers.manage_clients import ManageClients


class ServiceUseCases:
    """The services of administrations, their subscriptions and keys."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        identity: IdentityUseCases,
    ) -> None:
        clock, services = ports.clock, repositories.managed_services
        listed, subscriptions = repositories.organization_services, repositories.subscriptions
        policies = repositories.reminder_policies
        self.issue_keys = IssueKeys(subscriptions, key_hashes_of(settings), clock)
        self.catalog = ReadCatalog(repositories.catalog)
        self.keep_catalog = KeepCatalog(repositories.catalog, listed, repositories.organizations)
        self.register = RegisterService(
            services,
            listed,
            repositories.service_registry,
            subscriptions,
            repositories.service_reviews,
            repositories.organizations.is_approved,
            self.keep_catalog,
        )
        change = ChangeService(services, self.register, ports.queue, clock)
        owned = OwnedServices(services)
        self.create = CreateService(
            services, subscriptions, repositories.idempotency_keys, change, clock
        )
        self.read = ReadServices(owned, services, listed)
        self.manage = ManageService(owned, change)
        self.keys = ManageKeys(owned, self.issue_keys)
        self.clients = ManageClients(
            owned, services, repositories.voucher_clients, identity.authenticate_voucher, clock
        )
        self.logo = KeepLogo(owned, ports.blobs)
        registered = RegisteredServices(owned, self.register)
        self.reminder_policy = ManageReminderPolicy(
            registered, ReadReminderPolicy(policies), ChangeReminderPolicy(policies)
        )
        self.duplicate_policy = ManageDuplicatePolicy(
            registered, ChangeDuplicatePolicy(repositories.duplicate_policies)
        )
        self.second_language = ManageSecondLanguage(registered, repositories.service_registry)
        self.follow_change = FollowServiceChange(self.register, change, listed)
        self.follow_organization = FollowOrganization(listed, change)
        self.rights = GrantRights(repositories.service_registry, subscriptions)
        self.review = DecideReview(services, repositories.service_reviews, change)
