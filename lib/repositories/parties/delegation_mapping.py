"""How a delegation is stored in the document of its owner."""

from lib.domain.identity.acting import DelegationId, Right
from lib.domain.parties.delegation import (
    Delegation,
    DelegationKind,
    DelegationState,
    Side,
    Terms,
)
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.documents import Document


def delegation_document(delegation: Delegation) -> Document:
    """Return the stored form of a delegation."""
    terms = delegation.terms
    return {
        "id": delegation.id,
        "kind": delegation.kind.value,
        "state": delegation.state.value,
        "ends_at": terms.ends_at,
        "rights": sorted(terms.rights),
        "service_ids": None if terms.service_ids is None else list(terms.service_ids),
        "is_notified": terms.is_notified,
        "shows_text": terms.shows_text,
        "created_at": delegation.created_at,
        "changed_at": delegation.changed_at,
        "changed_by": delegation.changed_by.value,
        "owner_name": delegation.owner_name,
        "delegate": delegation.delegate,
        "delegate_name": delegation.delegate_name,
    }


def delegation_of(document: Document) -> Delegation:
    """Return the delegation of a stored form."""
    ids, delegate = document["service_ids"], document["delegate"]
    return Delegation(
        id=DelegationId(document["id"]),
        kind=DelegationKind(document["kind"]),
        state=DelegationState(document["state"]),
        terms=Terms(
            ends_at=document["ends_at"],
            rights=frozenset(map(Right, document["rights"])),
            service_ids=None if ids is None else tuple(ids),
            is_notified=document["is_notified"],
            shows_text=document["shows_text"],
        ),
        created_at=document["created_at"],
        changed_at=document["changed_at"],
        changed_by=Side(document["changed_by"]),
        owner_name=Masked(document["owner_name"]),
        delegate=None if delegate is None else FiscalCode(delegate),
        delegate_name=Masked(document["delegate_name"]),
    )
