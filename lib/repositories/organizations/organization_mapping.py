"""Map a stored organisation to the organisation of the domain."""

from typing import Final

from lib.domain.organizations.organization import KeyChange, Organization, OrganizationState
from lib.ports.documents import Document

KIND: Final = "ORGANIZATION"
"""The one partition of all organisations: small documents, which operators list."""


def organization_of(document: Document) -> Organization:
    """Return the organisation in a document."""
    return Organization(
        fiscal_code=document["id"],
        name=document["name"],
        state=OrganizationState(document["state"]),
        user_id=document["user_id"],
        manage_subscription_id=document["manage_subscription_id"],
        created_at=document["created_at"],
        ipa_code=document.get("ipa_code", ""),
        domicile=document.get("domicile", ""),
        application_id=document.get("application_id", ""),
        reason=document.get("reason", ""),
        state_changed_at=document.get("state_changed_at", ""),
        key_changes=tuple(KeyChange(**one) for one in document.get("key_changes", ())),
    )


def organization_document(organization: Organization) -> Document:
    """Return the document of an organisation."""
    return {
        "id": organization.fiscal_code,
        "kind": KIND,
        "name": organization.name,
        "state": organization.state.value,
        "user_id": organization.user_id,
        "manage_subscription_id": organization.manage_subscription_id,
        "created_at": organization.created_at,
        "ipa_code": organization.ipa_code,
        "domicile": organization.domicile,
        "application_id": organization.application_id,
        "reason": organization.reason,
        "state_changed_at": organization.state_changed_at,
        "key_changes": [one._asdict() for one in organization.key_changes],
    }
