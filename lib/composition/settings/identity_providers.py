"""The identity providers at which citizens log in, and this installation as their relying party."""

import re
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

import orjson
from pydantic import BeforeValidator, ConfigDict, Field, Json, SecretStr, model_validator

from lib.composition.settings.mail import LOOPBACK, MailSettings
from lib.domain.shared.model import Model

_HTTPS: Final = re.compile(r"https://[^\s?#]+")
_URL: Final = Field(pattern=r"^(https://[^\s?#]+)?$")
_URLS: Final = Field(pattern=r"^(https://[^\s,]+( *, *https://[^\s,]+)*)?$")

type Listed[T] = Annotated[Json[tuple[T, ...]], BeforeValidator(lambda text: text or "[]")]
"""A list as JSON; an empty text is an empty list."""


class ProviderEntry(Model):
    """A provider. `metadata`: the document that it publishes about itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    issuer: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    metadata: Literal["openid-configuration", "openid-federation"] = "openid-configuration"


class TrustMark(Model):
    """A mark that an authority of the federation has issued: its kind, and the signed text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    trust_mark: Annotated[str, Field(pattern=r"^[\w-]+\.[\w-]+\.[\w-]+$")]


class IdentityProviderSettings(MailSettings):
    """The providers; without any, citizens get their tokens elsewhere."""

    identity_providers: Listed[ProviderEntry] = ()
    """A list of objects with `id`, `name`, `issuer`, and `metadata` where it is a federation's."""
    relying_party_id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{0,255}$")] = ""
    """The client id at the providers; in a federation it is an https address."""
    relying_party_keys: SecretStr = SecretStr("")
    """A private JSON Web Key Set with keys to sign and keys to decrypt; the first one signs."""
    relying_party_federation_keys: SecretStr = SecretStr("")
    """A private JSON Web Key Set for the entity configuration; empty: none is published."""
    relying_party_authorities: Annotated[str, _URLS] = ""
    """The superior entities of the federation, separated by commas."""
    relying_party_trust_marks: Listed[TrustMark] = ()
    relying_party_name: Annotated[str, Field(max_length=200)] = ""
    """The name of the administration, as the entity configuration tells it."""
    relying_party_contact: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    """The certified e-mail address of the administration."""
    relying_party_policy_url: Annotated[str, _URL] = ""
    """The page with the privacy policy."""
    relying_party_logo_url: Annotated[str, _URL] = ""
    """The logo, in SVG."""

    @model_validator(mode="after")
    def _check_providers(self) -> Self:
        if self.identity_providers:
            self._check_relying_party()
        for entry in self.identity_providers:
            is_local = self.sandbox and urlsplit(entry.issuer).hostname in LOOPBACK
            if not (_HTTPS.fullmatch(entry.issuer) or is_local):
                raise ValueError("IDENTITY_PROVIDERS: an issuer must be an https address")
        for name in ("id", "issuer"):
            if len({getattr(one, name) for one in self.identity_providers}) < len(
                self.identity_providers
            ):
                raise ValueError(f"IDENTITY_PROVIDERS: two providers have the same {name}")
        if self.relying_party_federation_keys.get_secret_value():
            self._check_federation()
        return self

    def _check_relying_party(self) -> None:
        if not self.relying_party_id:
            raise ValueError("RELYING_PARTY_ID is needed with IDENTITY_PROVIDERS")
        if not self.public_url:
            raise ValueError("PUBLIC_URL is needed with IDENTITY_PROVIDERS")
        uses = _uses(self.relying_party_keys)
        if not {"sig", "enc"} <= uses:
            raise ValueError(
                "RELYING_PARTY_KEYS must be a private JSON Web Key Set with a key of `use` sig and "
                "one of enc, each with a kid"
            )

    def _check_federation(self) -> None:
        if _uses(self.relying_party_federation_keys) != {"sig"}:
            raise ValueError(
                "RELYING_PARTY_FEDERATION_KEYS must be a private JSON Web Key Set of keys with "
                "`use` sig and a kid"
            )
        if not _HTTPS.fullmatch(self.relying_party_id) and not self.sandbox:
            raise ValueError("RELYING_PARTY_ID must be an https address in a federation")
        given = {
            "RELYING_PARTY_KEYS": self.relying_party_keys.get_secret_value(),
            "RELYING_PARTY_AUTHORITIES": self.relying_party_authorities,
            "RELYING_PARTY_NAME": self.relying_party_name,
            "RELYING_PARTY_CONTACT": self.relying_party_contact,
        }
        for name, value in given.items():
            if not value:
                raise ValueError(f"{name} is needed with RELYING_PARTY_FEDERATION_KEYS")


def _uses(secret: SecretStr) -> set[str]:
    """Return the uses of private keys; empty for a text that is no private JSON Web Key Set."""
    try:
        keys = orjson.loads(secret.get_secret_value())["keys"]
        return {str(key["use"]) for key in keys} if all(map(_is_private, keys)) else set()
    except (ValueError, TypeError, KeyError):
        return set()


def _is_private(key: Any) -> bool:
    return bool(key["kty"] in {"RSA", "EC"} and key["kid"] and key["d"])
