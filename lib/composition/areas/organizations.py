"""Wires the use cases of organisations."""

from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.areas.services import ServiceUseCases
from lib.composition.repositories import Repositories
from lib.composition.secrets import key_hashes_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.organizations.apply import Apply
from lib.use_cases.organizations.check_application import CheckApplication
from lib.use_cases.organizations.confirm_application import ConfirmApplication
from lib.use_cases.organizations.decide_organization import DecideOrganization
from lib.use_cases.organizations.delegate import Delegate
from lib.use_cases.organizations.delegated_keys import DelegatedKeys
from lib.use_cases.organizations.found_organization import FoundOrganization
from lib.use_cases.organizations.limit_callers import LimitCallers
from lib.use_cases.organizations.read_organizations import ReadOrganizations
from lib.use_cases.organizations.replace_manage_key import ReplaceManageKey


class OrganizationUseCases:
    """Organisations: how they join, their trial, and the intermediaries that send for them."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        notifications: NotificationUseCases,
        services: ServiceUseCases,
    ) -> None:
        clock, hashes = ports.clock, key_hashes_of(settings)
        organizations, days = repositories.organizations, repositories.organization_days
        applications = repositories.organization_applications
        self.found = FoundOrganization(organizations, repositories.subscriptions)
        self.apply = Apply(
            applications,
            ports.queue,
            clock,
            LimitCallers(),
            is_open=ports.public_bodies is not None,
            has_mail=ports.mailer is not None,
        )
        self.check_application = CheckApplication(
            applications,
            days,
            ports.public_bodies,
            notifications.send_once,
            ports.mailer,
            hashes,
            clock,
        )
        self.confirm = ConfirmApplication(
            applications,
            organizations,
            self.found,
            services.issue_keys,
            hashes,
            clock,
            LimitCallers(),
        )
        self.replace_key = ReplaceManageKey(organizations, services.issue_keys, clock)
        self.read = ReadOrganizations(organizations, days, clock, cap=settings.trial_daily_messages)
        self.delegate = Delegate(repositories.delegations, repositories.delegated_messages, clock)
        self.delegated_keys = DelegatedKeys(
            repositories.delegations,
            repositories.services,
            repositories.subscriptions,
            services.issue_keys,
            clock,
        )
        self.decide = DecideOrganization(organizations, ports.queue, clock)
