"""A sending service and the key that acts for it."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lib.domain.identity.errors import NotAllowedError
from lib.domain.limits.allowance import DEFAULT_CALLS, RAISED_CALLS
from lib.domain.messages.errors import AttachmentsNotAllowedError
from lib.domain.messages.message import Message
from lib.domain.messages.new_message import NewMessage
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.words.variants import SecondLanguage
from lib.domain.payments.brake import ACCEPT, DuplicatePolicy
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.errors import (
    AmountTooHighError,
    ProductionForbiddenError,
    RecipientForbiddenError,
)
from lib.domain.services.rights import ServiceCategory
from lib.domain.shared.identifiers import EvidenceId, OrganizationFiscalCode, ServiceId

ANY_PAYEE: Final = "*"
"""The entry in `authorized_payees` for all payees; it counts for payment updates only.

The service of pagoPA's own side has this entry.
"""

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network
type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Group(StrEnum):
    """A right of a key, by IO's names."""

    MESSAGE_WRITE = "ApiMessageWrite"
    LIMITED_MESSAGE_WRITE = "ApiLimitedMessageWrite"
    MESSAGE_WRITE_ADVANCED = "ApiMessageWriteAdvanced"
    THIRD_PARTY_MESSAGE_WRITE = "ApiThirdPartyMessageWrite"
    MESSAGE_WRITE_WITH_PAYEE = "ApiMessageWriteWithPayee"
    MESSAGE_WRITE_EU_COVID_CERT = "ApiMessageWriteEUCovidCert"
    MESSAGE_READ = "ApiMessageRead"
    LIMITED_PROFILE_READ = "ApiLimitedProfileRead"
    MESSAGE_READ_ADVANCED = "ApiMessageReadAdvanced"
    SERVICE_WRITE = "ApiServiceWrite"
    SUBSCRIPTIONS_FEED_READ = "ApiSubscriptionsFeedRead"
    REMOTE_CONTENT_WRITE = "ApiRemoteContentConfigurationWrite"
    RATE_LIMIT_250 = "ApiRateLimit250"
    NO_RATE_LIMIT = "ApiNoRateLimit"
    PAYMENT_UPDATE = "ApiPaymentUpdate"
    OPERATIONS = "RecapitoOperations"


def calls_allowed(own_limit: int | None, groups: frozenset[Group]) -> int | None:
    """Return the calls of a subscription in any five seconds; None for any number.

    Its own limit counts before its groups.
    """
    if own_limit is not None:
        return own_limit
    if Group.NO_RATE_LIMIT in groups:
        return None
    return RAISED_CALLS if Group.RATE_LIMIT_250 in groups else DEFAULT_CALLS


def is_inside(address: str | None, networks: tuple[Network, ...]) -> bool:
    """Tell whether the address is in one of the networks; always true without any network."""
    if not networks:
        return True
    try:
        source = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    source = getattr(source, "ipv4_mapped", None) or source
    return any(source in network for network in networks)


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a public administration; amounts in euro cents.

    `authorized_payees`: fiscal codes of other organisations. The keys of the service may ask for
    and report the payments of these organisations.
    """

    id: ServiceId
    name: str
    department_name: str
    organization_name: str
    organization_fiscal_code: OrganizationFiscalCode
    authorized_cidrs: tuple[Network, ...] = ()
    authorized_recipients: frozenset[str] = frozenset()
    authorized_payees: frozenset[str] = frozenset()
    max_allowed_payment_amount: int = 0
    require_secure_channels: bool = False
    category: ServiceCategory = "STANDARD"
    reminder_policy: ReminderPolicy = field(default_factory=ReminderPolicy)
    duplicate_policy: DuplicatePolicy = ACCEPT
    second_language: SecondLanguage | None = None

    def admits(self, address: str | None) -> bool:
        """Tell whether a call from this address is allowed; always true without any CIDR."""
        return is_inside(address, self.authorized_cidrs)


@dataclass(frozen=True, slots=True)
class Sender:
    """The caller: the user of a key, with the groups and the service of the key.

    `subscription_id`: empty for a use case that acts without a caller, such as a queue function.
    `call_limit`: the calls in each window of five seconds; None for the default. `on_behalf`: the
    account is that of an intermediary.
    `intermediary_fiscal_code`: the intermediary that sends by a delegation of the organisation.
    `is_on_trial`: whether the organisation may send a few messages a day only.
    `evidence_id`: the kept evidence of the person who acts; None if the call has none.
    """

    user_id: str
    groups: frozenset[Group]
    service: Service
    subscription_id: str = ""
    call_limit: int | None = None
    on_behalf: bool = False
    intermediary_fiscal_code: OrganizationFiscalCode | None = None
    is_on_trial: bool = False
    evidence_id: EvidenceId | None = None

    @property
    def key_owner(self) -> str:
        """The owner of the caller's idempotency keys: the service, or the intermediary for it."""
        return f"{self.service.id}\n{self.user_id}" if self.on_behalf else self.service.id

    @property
    def owner(self) -> MessageOwner:
        """The owner of the messages that the caller may see as its own."""
        return MessageOwner(self.service.id, self.user_id if self.on_behalf else None)

    def sent(self, message: Message) -> bool:
        """Tell whether the caller may see the message as one of its own."""
        return self.owner.sent(message)

    def owns(self, service_id: ServiceId, user_id: str) -> bool:
        """Tell whether the caller may see and change what this account sent for this service."""
        return self.owner.owns(service_id, user_id)

    @property
    def calls_allowed(self) -> int | None:
        """The calls that its subscription may make in any five seconds; None for any number."""
        return calls_allowed(self.call_limit, self.groups)


_COVID = "You do not have enough permissions to send an EUCovidCert message"
_PAYEE = "You do not have enough permissions to send a payment message with payee"
_PREMIUM = "You do not have enough permissions to send a Premium message"
_THIRD_PARTY = "You do not have enough permissions to send a third party message"
_WHOLE_SERVICE = (
    "The answer would be about the whole service, and an intermediary sees what it sent alone: use "
    "the service's own key"
)
_FOREIGN_PAYEE = "Your service is not allowed to ask for payments to the payee {payee}"
_FOREIGN_PAYMENT = (
    "Your service is not allowed to tell of payments to the payee {payee}; nothing of what was "
    "sent is recorded"
)


def may_know_outcome(sender: Sender, message: Message) -> bool:
    """Tell whether the sender may learn that its message was read or paid."""
    return (
        message.sent_status == "PROCESSED"
        and message.feature_level == "ADVANCED"
        and Group.MESSAGE_READ_ADVANCED in sender.groups
    )


def check_groups(sender: Sender, message: NewMessage) -> None:
    """Refuse content that the sender's groups do not allow. IO checks in the same order."""
    content = message.content
    payment, advanced = content.payment_data, message.feature_level_type == "ADVANCED"
    for applies, group, detail in (
        (content.eu_covid_cert, Group.MESSAGE_WRITE_EU_COVID_CERT, _COVID),
        (payment and payment.payee, Group.MESSAGE_WRITE_WITH_PAYEE, _PAYEE),
        (advanced, Group.MESSAGE_WRITE_ADVANCED, _PREMIUM),
        (
            content.third_party_data and not advanced,
            Group.THIRD_PARTY_MESSAGE_WRITE,
            _THIRD_PARTY,
        ),
    ):
        if applies and group not in sender.groups:
            raise NotAllowedError(detail)
    if payment and payment.payee:
        check_payee(sender, payment.payee.fiscal_code)


def check_whole_service(sender: Sender, _body: object) -> None:
    """Refuse an intermediary what is about the whole service."""
    if sender.on_behalf:
        raise NotAllowedError(_WHOLE_SERVICE)


def check_submission(sender: Sender, recipient: str, message: NewMessage) -> None:
    """Refuse a message that this sender may not send to this recipient, in IO's order."""
    content, service = message.content, sender.service
    third_party = content.third_party_data
    if third_party and third_party.has_attachments and message.feature_level_type != "ADVANCED":
        raise AttachmentsNotAllowedError
    check_recipient(sender, recipient)
    if payment := content.payment_data:
        check_amount(service, payment.amount, "/content/payment_data/amount")


def check_recipient(sender: Sender, recipient: str) -> None:
    """Refuse a recipient that the sender may not write to."""
    # the trial mode wins even where the key may also write to all citizens
    if Group.LIMITED_MESSAGE_WRITE in sender.groups:
        if recipient not in sender.service.authorized_recipients:
            raise RecipientForbiddenError
    elif Group.MESSAGE_WRITE not in sender.groups:
        raise ProductionForbiddenError


def check_amount(service: Service, amount: int, pointer: str) -> None:
    """Refuse an amount, in euro cents, above the service's maximum. `pointer`: the field."""
    maximum = service.max_allowed_payment_amount
    if amount > maximum:
        raise AmountTooHighError(amount=amount, maximum=maximum, pointer=pointer)


def check_payee(sender: Sender, payee: OrganizationFiscalCode) -> None:
    """Refuse a payee that the sender may not collect for.

    A sender may collect for its own organisation. For another payee, both the sender's group and
    the service's list must allow it; ANY_PAYEE does not count here.
    """
    service = sender.service
    if payee == service.organization_fiscal_code:
        return
    if Group.MESSAGE_WRITE_WITH_PAYEE not in sender.groups:
        raise NotAllowedError(_PAYEE)
    if payee not in service.authorized_payees:
        raise NotAllowedError(_FOREIGN_PAYEE.format(payee=payee))


def check_payment_updates(sender: Sender, payees: Iterable[str]) -> None:
    """Refuse payment events of payees whose payments the sender may not report."""
    service = sender.service
    if ANY_PAYEE in service.authorized_payees:
        return
    allowed = service.authorized_payees | {service.organization_fiscal_code}
    for payee in payees:
        if payee not in allowed:
            raise NotAllowedError(_FOREIGN_PAYMENT.format(payee=payee))
