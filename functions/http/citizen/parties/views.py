"""The form in which answers show delegations to their two sides."""

from datetime import datetime
from typing import Annotated, Any

from lib.domain.identity.acting import DelegationId, Right
from lib.domain.parties.delegation import Delegation, DelegationKind, DelegationState
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import ServiceId, UlidField
from lib.domain.shared.model import Model
from lib.use_cases.parties.list_parties import Party

RIGHTS = says(
    "What the delegate may do. READ: read messages and their papers, and pay. ACT: also archive, "
    "delete, mark and star messages, and put off reminders. MANAGE: also settings, delegations, "
    "logs and the copy or deletion of all data; only a register gives it. Never: devices, "
    "sessions, the personal archive and requests for certificates."
)
SERVICES = says(
    "The ids of the services whose messages the delegate sees. Absent: all services, later ones "
    "included."
)
ENDS_AT = says("When the delegation ends: date and time in UTC.")
IS_NOTIFIED = says(
    "Whether the delegate is told of new messages and of reminders, by the delegate's own channels "
    "and choices: push, e-mail, quiet hours, daily number. The owner's choice of channels does not "
    "count. No delegate is told of a message that does not reach the owner's inbox."
)
SHOWS_TEXT = says(
    "Whether notifications to the delegate may name the sender and the subject, if the delegate "
    "wants previews. Without it they say that there is a message in another inbox. They never name "
    "the owner."
)


DelegationIdField = Annotated[UlidField, says("The id of the delegation.")]


class _DelegationFields(Model):
    id: DelegationIdField
    kind: Annotated[
        DelegationKind,
        says(
            "Where it comes from. GRANTED: its owner gave it. PARENT, GUARDIAN, REPRESENTATIVE: a "
            "register says so."
        ),
    ]
    state: Annotated[
        DelegationState,
        says(
            "OFFERED: nobody took the offer yet. ACTIVE: the delegate may act. ENDED: one of the "
            "two, or a register, ended it. EXPIRED: its end has come, or nobody took the offer in "
            "time."
        ),
    ]
    rights: Annotated[list[Right], RIGHTS]
    service_ids: Annotated[list[ServiceId] | None, SERVICES] = None
    ends_at: Annotated[str, ENDS_AT]
    is_notified: Annotated[bool, IS_NOTIFIED]
    shows_text: Annotated[bool, SHOWS_TEXT]
    created_at: Annotated[str, says("When it was made: date and time in UTC.")]
    changed_at: Annotated[str, says("When it was changed last: date and time in UTC.")]


class DelegationAnswer(_DelegationFields):
    """A delegation, as its owner sees it."""

    delegate_name: Annotated[
        str | None, says("The name of the delegate. Absent: nobody took the offer yet.")
    ] = None


class OfferAnswer(DelegationAnswer):
    """An offer with its code."""

    code: Annotated[
        str,
        says(
            "The code with which the delegate takes the offer, shown this once. Hand it to nobody "
            "else: the first person who uses it is the delegate."
        ),
    ]


class DelegationsAnswer(Model):
    """The delegations that a citizen gave."""

    items: Annotated[
        list[DelegationAnswer],
        says("The delegations, the latest first; those that ended in the last 90 days too."),
    ]


class PartyAnswer(_DelegationFields):
    """A party for whom a citizen may act, as the citizen sees it."""

    party: Annotated[
        str,
        says("The fiscal code of the party: 16 characters of a person, 11 digits of a company."),
    ]
    party_name: Annotated[str, says("The name of the party.")]


class PartiesAnswer(Model):
    """The parties for whom a citizen may act."""

    items: Annotated[
        list[PartyAnswer],
        says("The parties, the latest first; those that ended in the last 90 days too."),
    ]


def delegation_view(delegation: Delegation, now: datetime) -> DelegationAnswer:
    """Return a delegation as its owner sees it."""
    return DelegationAnswer(
        **_fields(delegation, now), delegate_name=delegation.delegate_name or None
    )


def offer_view(delegation: Delegation, code: str, now: datetime) -> OfferAnswer:
    """Return an offer with its code."""
    return OfferAnswer(**_fields(delegation, now), code=code)


def party_view(party: Party, now: datetime) -> PartyAnswer:
    """Return a party as its delegate sees it."""
    delegation = party.delegation
    return PartyAnswer(
        **_fields(delegation, now), party=party.owner, party_name=delegation.owner_name
    )


def _fields(delegation: Delegation, now: datetime) -> dict[str, Any]:
    terms = delegation.terms
    return {
        "id": DelegationId(delegation.id),
        "kind": delegation.kind,
        "state": delegation.state_at(now),
        "rights": sorted(terms.rights),
        "service_ids": None if terms.service_ids is None else list(terms.service_ids),
        "ends_at": terms.ends_at,
        "is_notified": terms.is_notified,
        "shows_text": terms.shows_text,
        "created_at": delegation.created_at,
        "changed_at": delegation.changed_at,
    }
