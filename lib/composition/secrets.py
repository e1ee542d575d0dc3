"""Derive from the app's secrets: hashes of keys, pseudonyms, sealed links and secrets."""

from pydantic import SecretStr

from lib.composition.settings import Settings
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.rendering.email.links import Links
from lib.repositories.identity.evidence_seal import EvidenceSeal
from lib.repositories.remote_content.secret_box import SecretBox


def links_of(settings: Settings) -> Links:
    """Return the object that makes and reads the links in e-mails."""
    current, previous = settings.link_secret, settings.link_secret_previous
    return Links(_bytes(current), settings.public_url, _bytes(previous), settings.app_url)


def key_hashes_of(settings: Settings) -> RotatingPseudonyms:
    """Return the object that hashes sender keys."""
    current, previous = settings.key_hash_secret, settings.key_hash_secret_previous
    return RotatingPseudonyms(_bytes(current), _bytes(previous))


def pseudonyms_of(settings: Settings) -> RotatingPseudonyms:
    """Return the object that makes citizens' pseudonyms."""
    current, previous = settings.pseudonym_secret, settings.pseudonym_secret_previous
    return RotatingPseudonyms(_bytes(current), _bytes(previous))


def gateway_secrets_of(settings: Settings) -> tuple[bytes, bytes]:
    """Return the secret of the trusted gateway and its previous secret; empty without a gateway."""
    return _bytes(settings.gateway_secret), _bytes(settings.gateway_secret_previous)


def secret_box_of(settings: Settings) -> SecretBox | None:
    """Return the object that encrypts senders' secrets; None without a secret for it."""
    current, previous = settings.remote_content_secret, settings.remote_content_secret_previous
    return SecretBox(_bytes(current), _bytes(previous)) if _bytes(current) else None


def evidence_seal_of(settings: Settings) -> EvidenceSeal | None:
    """Return the object that encrypts evidence of calls; None without a secret for it."""
    current, previous = settings.evidence_secret, settings.evidence_secret_previous
    return EvidenceSeal(_bytes(current), _bytes(previous)) if _bytes(current) else None


def _bytes(secret: SecretStr) -> bytes:
    return secret.get_secret_value().encode()
