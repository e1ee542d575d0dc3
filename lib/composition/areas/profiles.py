"""Wires the use cases of profiles."""

from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.repositories import Repositories
from lib.composition.secrets import links_of, pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.domain.shared.identifiers import FiscalCode
from lib.use_cases.profiles.change_service_preference import ChangeServicePreference
from lib.use_cases.profiles.create_profile import CreateProfile, NewSettings
from lib.use_cases.profiles.email_owners import EmailOwners
from lib.use_cases.profiles.feed.announce_switch import AnnounceSwitch
from lib.use_cases.profiles.feed.follow_switch import FollowSwitch
from lib.use_cases.profiles.feed.read_feed import ReadFeed
from lib.use_cases.profiles.notify_former_address import NotifyFormerAddress
from lib.use_cases.profiles.read_profile import ReadProfile
from lib.use_cases.profiles.read_service_preference import ReadServicePreference
from lib.use_cases.profiles.recipients.activate_service import ServiceActivations, SwitchSend
from lib.use_cases.profiles.recipients.check_recipient import CheckRecipient
from lib.use_cases.profiles.recipients.check_recipients import CheckRecipients
from lib.use_cases.profiles.request_email_validation import RequestEmailValidation
from lib.use_cases.profiles.send_validation_email import SendValidationEmail
from lib.use_cases.profiles.unsubscribe_email import UnsubscribeEmail
from lib.use_cases.profiles.update_profile import UpdateProfile
from lib.use_cases.profiles.validate_email import ValidateEmail


class ProfileUseCases:
    """Citizens' profiles, their e-mail addresses and their preferences by service."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        notifications: NotificationUseCases,
    ) -> None:
        queue, clock, mailer = ports.queue, ports.clock, ports.mailer
        profiles, addresses = repositories.profiles, repositories.email_addresses
        once = notifications.send_once
        links = links_of(settings) if mailer is not None else None
        owners = EmailOwners(addresses, profiles, clock, pseudonyms_of(settings))
        announce = AnnounceSwitch(queue, clock)
        self.check_recipient = CheckRecipient(profiles, notifications.reach)
        self.check_recipients = CheckRecipients(repositories.many_profiles, clock)
        self.read = ReadProfile(profiles, owners)

        async def refuse_leaving(fiscal_code: str) -> None:
            # few functions write profiles, and only they import the repository
            await repositories.erasures.refuse_leaving(fiscal_code)

        async def may_tell(fiscal_code: str) -> bool:
            return (await repositories.parties.given(FiscalCode(fiscal_code))).may_tell

        self.refuse_leaving = refuse_leaving
        new_settings = NewSettings(refuse_leaving, may_tell)
        self.create = CreateProfile(profiles, new_settings)
        self.update = UpdateProfile(
            profiles,
            queue,
            clock,
            owners,
            announce,
            tells_old_addresses=mailer is not None,
            new_settings=new_settings,
        )
        self.read_service_preference = ReadServicePreference(
            profiles, repositories.activations, repositories.services, clock
        )
        self.activations = ServiceActivations(repositories.activations, clock)
        self.send_activation = SwitchSend(
            repositories.activations, clock, settings.send_service_id or None
        )
        self.change_service_preference = ChangeServicePreference(
            profiles, self.read_service_preference, announce, clock
        )
        self.follow_switch = FollowSwitch(profiles, repositories.subscriptions_feed, clock)
        self.read_feed = ReadFeed(repositories.subscriptions_feed, clock)
        self.request_email_validation = RequestEmailValidation(
            profiles, addresses, queue, clock, links, owners
        )
        self.send_validation_email = SendValidationEmail(profiles, once, mailer, links, clock)
        self.notify_former_address = NotifyFormerAddress(profiles, once, mailer)
        self.validate_email = ValidateEmail(profiles, links, clock, owners)
        self.unsubscribe_email = UnsubscribeEmail(profiles, links, clock)
