"""An organisation that sends: a public body, or an intermediary that sends for public bodies."""

from dataclasses import dataclass
from enum import StrEnum

from lib.domain.shared.identifiers import OrganizationFiscalCode


class OrganizationState(StrEnum):
    """The state of an organisation.

    TRIAL: it may write to its authorised recipients, a few times a day. APPROVED: it may write to
    every citizen. SUSPENDED: all keys of the organisation are refused.
    """

    TRIAL = "TRIAL"
    APPROVED = "APPROVED"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation; times in UTC.

    `ipa_code`: its code in the register of public bodies; empty for an organisation that is not in
    the register. `user_id`: its account. `manage_subscription_id`: the subscription of its manage
    key. `reason`: why an operator suspended it. `domicile`: the address that proved control of it.
    `application_id`: the application that made it; empty for one that an operator made.
    """

    fiscal_code: OrganizationFiscalCode
    name: str
    state: OrganizationState
    user_id: str
    manage_subscription_id: str
    created_at: str
    ipa_code: str = ""
    domicile: str = ""
    application_id: str = ""
    reason: str = ""
    state_changed_at: str = ""
