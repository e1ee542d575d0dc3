"""Build the identity providers at which citizens log in; each one loads at its first use."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from lib.composition.late import late
from lib.composition.settings import Settings
from lib.composition.settings.identity_providers import ProviderEntry
from lib.composition.settings.tokens import rules_of
from lib.ports.identity_provider import IdentityProvider, OfferedProvider, RelyingParty

CALLBACK_PATH = "/api/auth/v1/callback"
"""The path to which a provider sends the browser back."""


def identity_providers(settings: Settings) -> Mapping[str, OfferedProvider]:
    """Return the providers by their ids, in the order in which they are offered."""

    @cache
    def keys() -> Any:
        from lib.adapters.outbound.sign_in.own_keys import OwnKeys

        return OwnKeys(settings.relying_party_keys.get_secret_value())

    def built(entry: ProviderEntry) -> IdentityProvider:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.sign_in.exchange import Provider
        from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider

        return OpenIDProvider(
            Provider(entry.id, entry.issuer, entry.metadata == "openid-federation"),
            settings.relying_party_id,
            keys(),
            rules_of(settings),
            GuardedHTTP(on_this_machine=settings.sandbox),
            on_this_machine=settings.sandbox,
        )

    def offered(entry: ProviderEntry) -> OfferedProvider:
        return OfferedProvider(entry.name, late(lambda: built(entry)))

    return {entry.id: offered(entry) for entry in settings.identity_providers}


def relying_party(settings: Settings) -> RelyingParty | None:
    """Return the documents of the installation for the providers; None without keys."""
    if not settings.relying_party_keys.get_secret_value():
        return None

    def build() -> RelyingParty:
        from lib.adapters.outbound.sign_in.own_keys import OwnKeys
        from lib.adapters.outbound.sign_in.published import Entity, PublishedRelyingParty

        federation = settings.relying_party_federation_keys.get_secret_value()
        listed = settings.relying_party_authorities.split(",")
        entity = Entity(
            id=settings.relying_party_id,
            name=settings.relying_party_name,
            redirect_uri=f"{settings.public_url.rstrip('/')}{CALLBACK_PATH}",
            home=settings.public_url,
            contact=settings.relying_party_contact,
            policy=settings.relying_party_policy_url,
            logo=settings.relying_party_logo_url,
            authorities=tuple(one.strip() for one in listed if one.strip()),
            trust_marks=tuple(one.model_dump() for one in settings.relying_party_trust_marks),
        )
        return PublishedRelyingParty(
            entity,
            OwnKeys(settings.relying_party_keys.get_secret_value()),
            OwnKeys(federation) if federation else None,
        )

    return late(build)
