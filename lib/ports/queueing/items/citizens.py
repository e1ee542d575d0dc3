"""The queue items of citizens' choices and rights."""

from typing import Literal

from lib.domain.shared.identifiers import (
    NO_MESSAGE_ID,
    NO_SERVICE_ID,
    FiscalCodeField,
    MessageId,
    OrganizationFiscalCode,
    ServiceId,
)
from lib.ports.queueing.item import Item, Sending
from lib.ports.queueing.items.notifications import NotificationChannel


class EmailValidationRequested(Sending):
    """Ask for an e-mail with the link that validates a citizen's address."""

    fiscal_code: FiscalCodeField
    validation_id: str


class EmailAddressChanged(Sending):
    """Ask for an e-mail to a former address. `change_id` identifies the address in the profile."""

    fiscal_code: FiscalCodeField
    change_id: str


class SubscriptionSwitched(Item):
    """Ask for the entries of the subscriptions feed that a switch makes.

    `at` names the switch in the citizen's profile, or in the choice for `service_id`.
    """

    fiscal_code: FiscalCodeField
    at: str
    service_id: ServiceId = NO_SERVICE_ID


class InboxSearched(Item):
    """A citizen searches an inbox whose index of words is missing or late."""

    fiscal_code: FiscalCodeField


class CitizensLookedUp(Item):
    """A service learned of many citizens at once that they can be reached: an entry for each.

    `at`: when it did; the other members are those of the service at that time.
    """

    fiscal_codes: tuple[FiscalCodeField, ...]
    at: str
    service_id: ServiceId
    service_name: str | None = None
    organization_fiscal_code: OrganizationFiscalCode | None = None
    organization_name: str | None = None


class UserDataRequested(Sending):
    """Ask for the archive of a citizen's request for personal data.

    `tell`: tell the citizen by this channel that the archive is ready, instead. `expired`: delete
    this archive, instead.
    """

    fiscal_code: FiscalCodeField
    request_id: str
    tell: NotificationChannel | None = None
    expired: str | None = None


ErasureStage = Literal["BEGIN", "ERASE", "FINISH"]


class ErasureDue(Sending):
    """Ask for a stage of the erasure of a citizen's data.

    `after`: only the messages after this one are left. `files`: only the files of batches in sets
    after this one are left; None while other data is left. `tell`: tell the citizen by this channel
    that the erasure was asked for, instead.
    """

    fiscal_code: FiscalCodeField
    request_id: str
    stage: ErasureStage = "BEGIN"
    after: MessageId = NO_MESSAGE_ID
    files: str | None = None
    tell: NotificationChannel | None = None
