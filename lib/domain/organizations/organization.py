"""An organisation that sends: a public body, or an intermediary that sends for public bodies."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from lib.domain.services.keys import KeySlot
from lib.domain.shared.identifiers import OrganizationFiscalCode

MAX_KEY_CHANGES: Final = 20

type KeyChanger = Literal["ORGANIZATION", "DOMICILE", "OPERATOR"]
"""A manage key is replaced by the holder of the other key, the reader of the code, an operator."""


class KeyChange(NamedTuple):
    """The replacement of a manage key; `at` in UTC. `user_id`: the account that asked for it."""

    at: str
    slot: KeySlot
    by: KeyChanger
    user_id: str = ""


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
    `key_changes`: the latest replacements of its manage keys, the oldest first.
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
    key_changes: tuple[KeyChange, ...] = ()

    def replacing(self, change: KeyChange) -> "Organization":
        """Return the organisation with one more replacement of a manage key."""
        return replace(self, key_changes=(*self.key_changes, change)[-MAX_KEY_CHANGES:])
