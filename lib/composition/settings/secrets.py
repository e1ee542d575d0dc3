"""The app's own secrets, and the rules for every secret; part of Settings."""

import math
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, Self

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

LEAST_LENGTH: Final = 32
LEAST_BITS: Final = 96
WEAK_LENGTH: Final = 16
"""The least length in the sandbox, and of a secret that is being replaced."""
OWN_SECRETS: Final = (
    "key_hash_secret",
    "pseudonym_secret",
    "link_secret",
    "gateway_secret",
    "remote_content_secret",
    "evidence_secret",
    "sign_in_secret",
)

_REFERENCE: Final = "@microsoft."
_SANDBOX: Final = "sandbox"
_HOW: Final = "make one with: openssl rand -base64 32"


class SecretSettings(BaseSettings):
    """The app's secrets. Each has a previous secret, which is accepted during a rotation."""

    sandbox: bool = False
    """A clock that can be moved, and captured notifications; only for the local host."""
    key_hash_secret: SecretStr
    """The secret under which sender keys are hashed."""
    key_hash_secret_previous: SecretStr = SecretStr("")
    """The previous secret: keys that were hashed under it are accepted too."""
    pseudonym_secret: SecretStr
    """The secret under which fiscal codes become pseudonyms."""
    pseudonym_secret_previous: SecretStr = SecretStr("")
    """The previous secret: devices that were registered under it are reached too."""
    link_secret: SecretStr = SecretStr("")
    """The secret under which links in e-mails are sealed; empty: no e-mail has a link."""
    link_secret_previous: SecretStr = SecretStr("")
    """The previous secret: links that were sealed under it still work."""
    remote_content_secret: SecretStr = SecretStr("")
    """The secret under which the secrets of remote content configurations are encrypted.

    Empty: senders cannot make configurations.
    """
    remote_content_secret_previous: SecretStr = SecretStr("")
    """The previous secret: secrets that were encrypted under it can still be used."""

    gateway_secret: SecretStr = SecretStr("")
    """The secret by which a gateway is trusted to name the caller; empty: no gateway is."""
    gateway_secret_previous: SecretStr = SecretStr("")
    """The previous secret: a gateway that still sends it is trusted too."""

    evidence_secret: SecretStr = SecretStr("")
    """The secret under which evidence of who acts at a sender's is encrypted."""
    evidence_secret_previous: SecretStr = SecretStr("")
    """The previous secret: evidence that was encrypted under it can still be read."""
    sign_in_secret: SecretStr = SecretStr("")
    """The secret of citizens' sessions and of the key that signs their tokens.

    Empty: this app logs nobody in, and another issuer gives the tokens.
    """
    sign_in_secret_next: SecretStr = SecretStr("")
    """The secret that comes after it: the key of its tokens is published ahead."""
    sign_in_secret_previous: SecretStr = SecretStr("")
    """The previous secret: sessions and tokens that were made under it go on."""

    @field_validator("*", mode="before")
    @classmethod
    def _is_resolved(cls, value: Any) -> Any:
        if isinstance(value, str) and value.strip().lower().startswith(_REFERENCE):
            raise ValueError("the reference to Key Vault was not resolved")
        return value

    @model_validator(mode="after")
    def _check_secrets(self) -> Self:
        for name in OWN_SECRETS:
            current, previous = secret_of(self, name), secret_of(self, f"{name}_previous")
            if previous and not current:
                raise ValueError(f"{name.upper()} is needed with {name.upper()}_PREVIOUS")
            if current or type(self).model_fields[name].is_required():
                self._check_own(name.upper(), current)
            # a weak previous secret must be accepted until its rotation ends
            if previous and len(previous) < WEAK_LENGTH:
                raise ValueError(f"{name.upper()}_PREVIOUS must have {WEAK_LENGTH} characters")
        if next_ := secret_of(self, "sign_in_secret_next"):
            self._check_own("SIGN_IN_SECRET_NEXT", next_)
        if not self.sandbox:
            self._check_apart()
        return self

    def _check_own(self, name: str, value: str) -> None:
        least = WEAK_LENGTH if self.sandbox else LEAST_LENGTH
        if len(value) < least:
            raise ValueError(f"{name} must have at least {least} characters: {_HOW}")
        if not self.sandbox and guessing_bits(value) < LEAST_BITS:
            raise ValueError(f"{name} repeats itself, so it can be guessed: {_HOW}")

    def _check_apart(self) -> None:
        """Refuse sandbox secrets, and one secret for two purposes."""
        for field in type(self).model_fields:
            if secret_of(self, field).lower().startswith(_SANDBOX):
                raise ValueError(f"{_name(self, field)} is a sandbox's, and SANDBOX is false")
        used: dict[str, str] = {}
        for name in OWN_SECRETS:
            value = secret_of(self, name)
            if value and (other := used.setdefault(value, name)) != name:
                raise ValueError(f"{name.upper()} and {other.upper()} must be two secrets")


def secret_of(settings: BaseSettings, field: str) -> str:
    """Return the text of a secret setting, "" for any other setting."""
    value = getattr(settings, field)
    return value.get_secret_value() if isinstance(value, SecretStr) else ""


def guessing_bits(secret: str) -> float:
    """Return an upper bound of the bits of this secret that a guesser does not know.

    The estimate counts characters and the steps between them, after repetitions are compressed.
    """
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    packed = zlib.compress(secret.encode(), 9, -zlib.MAX_WBITS)
    return min(len(secret), len(packed)) * min(_entropy(secret), _entropy(steps))


def _entropy(symbols: Sequence[object]) -> float:
    """Return Shannon's entropy of one symbol, in bits."""
    total = len(symbols)
    return -sum(n / total * math.log2(n / total) for n in Counter(symbols).values())


def _name(settings: BaseSettings, field: str) -> str:
    """Return a setting's name in the environment."""
    alias = type(settings).model_fields[field].validation_alias
    return str(alias or field.upper())
