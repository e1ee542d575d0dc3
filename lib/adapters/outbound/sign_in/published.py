"""The public documents of the relying party: its keys, and its entity configuration."""

from dataclasses import dataclass
from typing import Any, Final

from lib.adapters.outbound.sign_in.algorithms import CONTENT_ENCRYPTIONS
from lib.adapters.outbound.sign_in.own_keys import OwnKeys

CONFIGURATION_SECONDS: Final = 48 * 3600
"""The life of a published entity configuration: a new one is made at each request."""


@dataclass(frozen=True, slots=True)
class Entity:
    """The installation as a member of a federation. `authorities`: its superior entities."""

    id: str
    name: str
    redirect_uri: str
    home: str
    contact: str
    policy: str
    logo: str
    authorities: tuple[str, ...]
    trust_marks: tuple[dict[str, str], ...]


class PublishedRelyingParty:
    """The public documents. `federation`: the keys of the federation, None outside of one."""

    def __init__(self, entity: Entity, keys: OwnKeys, federation: OwnKeys | None) -> None:
        self._entity, self._keys, self._federation = entity, keys, federation

    def key_set(self) -> dict[str, Any]:
        """Return the public keys; see lib.ports.identity_provider."""
        return self._keys.public

    def entity_configuration(self) -> str | None:
        """Return the signed entity configuration; see lib.ports.identity_provider.

        Cost: one signature.
        """
        if self._federation is None:
            return None
        entity = self._entity
        claims = {
            "iss": entity.id,
            "sub": entity.id,
            "jwks": self._federation.public,
            "metadata": {
                "federation_entity": _given(
                    organization_name=entity.name,
                    homepage_uri=entity.home,
                    policy_uri=entity.policy,
                    logo_uri=entity.logo,
                    contacts=[entity.contact],
                ),
                "openid_relying_party": self._relying_party(),
            },
            "authority_hints": list(entity.authorities),
            "trust_marks": list(entity.trust_marks),
        }
        return self._federation.sign(
            claims, typ="entity-statement+jwt", seconds=CONFIGURATION_SECONDS
        )

    def _relying_party(self) -> dict[str, Any]:
        entity, keys = self._entity, self._keys
        return {
            "application_type": "web",
            "client_id": entity.id,
            "client_name": entity.name,
            "client_registration_types": ["automatic"],
            "contacts": [entity.contact],
            "grant_types": ["authorization_code"],
            "id_token_signed_response_alg": keys.signature,
            "jwks": keys.public,
            "redirect_uris": [entity.redirect_uri],
            "request_object_signing_alg": keys.signature,
            "response_types": ["code"],
            "subject_type": "pairwise",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": keys.signature,
            "userinfo_encrypted_response_alg": keys.encryption,
            "userinfo_encrypted_response_enc": CONTENT_ENCRYPTIONS[0],
            "userinfo_signed_response_alg": keys.signature,
        }


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}
