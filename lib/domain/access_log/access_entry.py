"""An entry of a citizen's access log: a person or a service read or changed something."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId

_HASH_BYTES: Final = 12


class ActorKind(StrEnum):
    """The kind of who acted: the citizen, a delegate of the citizen, a sender, or a register."""

    CITIZEN = "CITIZEN"
    DELEGATE = "DELEGATE"
    SENDER = "SENDER"
    REGISTER = "REGISTER"


class Action(StrEnum):
    """The action of an entry. The codes are stored and shown: none of them changes its meaning."""

    LOGIN = "LOGIN"
    SESSION_ENDED = "SESSION_ENDED"
    PROFILE_READ = "PROFILE_READ"
    PROFILE_CHANGED = "PROFILE_CHANGED"
    PREFERENCE_CHANGED = "PREFERENCE_CHANGED"
    ACTIVATION_READ = "ACTIVATION_READ"
    ACTIVATION_CHANGED = "ACTIVATION_CHANGED"
    DEVICE_REGISTERED = "DEVICE_REGISTERED"
    DEVICE_REMOVED = "DEVICE_REMOVED"
    REACHABILITY_CHECKED = "REACHABILITY_CHECKED"
    MESSAGE_STATUS_READ = "MESSAGE_STATUS_READ"
    INBOX_READ = "INBOX_READ"
    INBOX_CHANGED = "INBOX_CHANGED"
    MESSAGE_OPENED = "MESSAGE_OPENED"
    MESSAGE_CHANGED = "MESSAGE_CHANGED"
    DATA_REQUESTED = "DATA_REQUESTED"
    DATA_REQUEST_ABORTED = "DATA_REQUEST_ABORTED"
    DATA_DOWNLOADED = "DATA_DOWNLOADED"
    DELEGATION_OFFERED = "DELEGATION_OFFERED"
    DELEGATION_TAKEN = "DELEGATION_TAKEN"
    DELEGATION_ENDED = "DELEGATION_ENDED"
    DELEGATION_REGISTERED = "DELEGATION_REGISTERED"
    ACCOUNT_READ = "ACCOUNT_READ"


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor of an entry. A sender has its service and organisation, with their public names.

    `delegation_id`: that of a delegate, or the one that a register began or ended. No entry has the
    name or the fiscal code of another person: the delegation tells who the delegate is.
    """

    kind: ActorKind
    delegation_id: DelegationId | None = None
    service_id: ServiceId | None = None
    service_name: str | None = None
    organization_fiscal_code: OrganizationFiscalCode | None = None
    organization_name: str | None = None


OWNER: Final = Actor(ActorKind.CITIZEN)


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """The first of all equal accesses of a day; `at` as `values.timestamp` writes it.

    `about`: what tells accesses of a day apart, beside actor and action: a message, a session.
    """

    at: str
    actor: Actor
    action: Action
    message_id: MessageId | None = None
    about: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """The id, which is the same for equal accesses of a day, and sorts by the day."""
        actor = self.actor
        parts = (
            actor.kind,
            actor.delegation_id or actor.service_id or "",
            self.action,
            self.message_id or self.about,
        )
        mark = hashlib.blake2b("\n".join(parts).encode(), digest_size=_HASH_BYTES).hexdigest()
        return f"{self.at[:10]}-{mark}"
