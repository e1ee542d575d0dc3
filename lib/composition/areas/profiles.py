"""Wires the use cases of profiles."""

from lib.composition.secrets import links_of, pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.profiles.change_service_preference import ChangeServicePreference
from lib.use_cases.profiles.check_recipient import CheckRecipient
from lib.use_cases.profiles.email_owners import EmailOwners
from lib.use_cases.profiles.notify_former_address import NotifyFormerAddress
from lib.use_cases.profiles.read_profile import ReadProfile
from lib.use_cases.profiles.read_service_preference import ReadServicePreference
from lib.use_cases.profiles.request_email_validation import RequestEmailValidation
from lib.use_cases.profiles.send_validation_email import SendValidationEmail
from lib.use_cases.profiles.unsubscribe_email import UnsubscribeEmail
from lib.use_cases.profiles.update_profile import UpdateProfile
from lib.use_cases.profiles.validate_email import ValidateEmail


class ProfileUseCases:
    """Citizens' profiles, their e-mail addresses and their preferences by service."""

    def __init__(self, ports: Ports, settings: Settings) -> None:
        store, queue, clock, mailer = ports.store, ports.queue, ports.clock, ports.mailer
        links = links_of(settings) if mailer is not None else None
        owners = EmailOwners(store, clock, pseudonyms_of(settings))
        self.check_recipient = CheckRecipient(store, clock)
        self.read = ReadProfile(store, owners)
        self.update = UpdateProfile(
            store, queue, clock, owners, tells_old_addresses=mailer is not None
        )
        self.read_service_preference = ReadServicePreference(store, clock, settings.sender_cache)
        self.change_service_preference = ChangeServicePreference(
            store, self.read_service_preference
        )
        self.request_email_validation = RequestEmailValidation(store, queue, clock, links, owners)
        self.send_validation_email = SendValidationEmail(store, mailer, links, clock)
        self.notify_former_address = NotifyFormerAddress(store, mailer, clock)
        self.validate_email = ValidateEmail(store, links, clock, owners)
        self.unsubscribe_email = UnsubscribeEmail(store, links, clock)
