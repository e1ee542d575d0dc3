"""The callers of the matrix of rights: every kind of credential, and whose things it may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SERVICE: Final = "the service's key"
VOUCHER: Final = "a voucher of a client that acts for the service"
STRANGER_VOUCHER: Final = "a voucher of a client that acts for another organisation's service"
LIMITED: Final = "the service's key with limited recipients"
INTERMEDIARY: Final = "the intermediary's key"
OTHER_INTERMEDIARY: Final = "another intermediary's key for the service"
REVOKED: Final = "a revoked intermediary's key"
SIBLING: Final = "the key of another service of the organisation"
STRANGER: Final = "the key of another organisation's service"
TRIAL: Final = "the key of a service of an organisation on trial"
MANAGER: Final = "the organisation's manage key"
INTERMEDIARY_MANAGER: Final = "the intermediary's manage key"
OTHER_INTERMEDIARY_MANAGER: Final = "another intermediary's manage key"
STRANGER_MANAGER: Final = "another organisation's manage key"
TRIAL_MANAGER: Final = "the manage key of an organisation on trial"
OPERATOR: Final = "an operator's key"
CITIZEN_TOKEN: Final = "the citizen's token"
OTHER_CITIZEN_TOKEN: Final = "another citizen's token"
DELEGATE: Final = "a delegate of the citizen for the service"
OTHER_DELEGATE: Final = "a delegate of the citizen for another organisation's service"
FORMER_DELEGATE: Final = "a delegate of the citizen whose delegation has ended"
REPRESENTATIVE: Final = "a representative of the citizen by a register"
FORMER_REPRESENTATIVE: Final = "a person whom the register lists no more"
COMPANY_STRANGER: Final = "the representative of a company, who acts for the citizen"
NO_KEY: Final = "no key"

OF_SERVICE: Final = "the service"
OF_INTERMEDIARY: Final = "the intermediary"
LOG: Final = "the log of the delegation"
OF_ORGANIZATION: Final = "the organisation"
OF_CITIZEN: Final = "the citizen"
OF_OPERATORS: Final = "the operators"
"""The owners of the things in the world. A thing of an intermediary is its service's as well."""


@dataclass(frozen=True)
class Caller:
    """A credential. `scheme`: the security scheme that it satisfies; `sees`: owners of things."""

    scheme: str | None
    sees: frozenset[str] = frozenset()


_SENT: Final = frozenset({OF_SERVICE, OF_INTERMEDIARY, LOG})

CALLERS: Final[Mapping[str, Caller]] = {
    # A new credential of a sender is one more line here, one more in
    # World.credentials, and one more name in SERVICE_KEYS if it stands for the service itself.
    SERVICE: Caller("SenderKey", _SENT),
    VOUCHER: Caller("SenderKey", _SENT),
    STRANGER_VOUCHER: Caller("SenderKey"),
    LIMITED: Caller("SenderKey", _SENT),
    INTERMEDIARY: Caller("SenderKey", frozenset({OF_INTERMEDIARY, LOG})),
    OTHER_INTERMEDIARY: Caller("SenderKey"),
    REVOKED: Caller(None),
    SIBLING: Caller("SenderKey"),
    STRANGER: Caller("SenderKey"),
    TRIAL: Caller("SenderKey"),
    MANAGER: Caller("ManageKey", frozenset({OF_ORGANIZATION, LOG})),
    INTERMEDIARY_MANAGER: Caller("ManageKey", frozenset({LOG})),
    OTHER_INTERMEDIARY_MANAGER: Caller("ManageKey"),
    STRANGER_MANAGER: Caller("ManageKey"),
    TRIAL_MANAGER: Caller("ManageKey"),
    OPERATOR: Caller("OperatorKey", frozenset({OF_OPERATORS, OF_ORGANIZATION})),
    CITIZEN_TOKEN: Caller("CitizenToken", _SENT | {OF_CITIZEN}),
    OTHER_CITIZEN_TOKEN: Caller("CitizenToken"),
    DELEGATE: Caller("CitizenToken", _SENT),
    OTHER_DELEGATE: Caller("CitizenToken"),
    FORMER_DELEGATE: Caller("CitizenToken"),
    REPRESENTATIVE: Caller("CitizenToken", _SENT | {OF_CITIZEN}),
    FORMER_REPRESENTATIVE: Caller("CitizenToken"),
    COMPANY_STRANGER: Caller("CitizenToken"),
    NO_KEY: Caller(None),
}
SERVICE_KEYS: Final = (SERVICE, VOUCHER, LIMITED)
"""Credentials that see all that was sent for the service."""
INTERMEDIARIES: Final = (INTERMEDIARY, OTHER_INTERMEDIARY)
WITH_THINGS: Final = (INTERMEDIARY, INTERMEDIARY_MANAGER, OTHER_INTERMEDIARY_MANAGER)
"""Callers that sent something, or have a delegation, themselves."""
WITHOUT_CREDENTIALS: Final = (REVOKED, NO_KEY)
REPRESENTATIVES: Final = (REPRESENTATIVE, FORMER_REPRESENTATIVE, COMPANY_STRANGER)
DELEGATES: Final = (DELEGATE, OTHER_DELEGATE, FORMER_DELEGATE, *REPRESENTATIVES)
"""Citizens whose token names the citizen as the party for whom they act."""
WITHOUT_DELEGATION: Final = (FORMER_DELEGATE, FORMER_REPRESENTATIVE, COMPANY_STRANGER)
CITIZENS: Final = frozenset({CITIZEN_TOKEN, OTHER_CITIZEN_TOKEN, *DELEGATES})
