"""The settings of the authority whose vouchers senders may use in place of keys (PDND)."""

from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from lib.composition.settings.mail import MailSettings

SANDBOX_VOUCHER_ISSUER: Final = "https://authority.sandbox.recapito.example"
SANDBOX_VOUCHER_AUDIENCE: Final = "https://sandbox.recapito.example/senders"
SANDBOX_AUTHORITY_KEY_FILE: Final = "authority-signing-key.pem"
"""The private key of the sandbox's authority, beside its key set."""
SANDBOX_CLIENT_KEYS_FILE: Final = "authority-client-keys.json"
"""The public keys of the sandbox authority's clients."""

type Names = Annotated[str, Field(pattern=r"^[\x21-\x7e]*( *, *[\x21-\x7e]+)*$", max_length=2000)]


class VoucherSettings(MailSettings):
    """The issuer, the audience and the keys of vouchers; without an issuer none is taken."""

    voucher_issuer: Annotated[str, Field(pattern=r"^[\x21-\x7e]*$")] = ""
    """The claim `iss` of vouchers: `interop.pagopa.it` or as PDND says; empty: none."""
    voucher_audience: Names = ""
    """The audiences of this e-service at PDND, separated by commas."""
    voucher_jwks: Annotated[str, Field(pattern=r"^(https://.+|[^:]+)?$")] = ""
    """The https address or file path of the authority's JSON Web Key Set."""
    voucher_base_url: Names = ""
    """The addresses that senders call, separated by commas, for proofs; empty: PUBLIC_URL."""
    voucher_integrity_required: bool = False
    """Whether each body that comes with a voucher needs `Digest` and `Agid-JWT-Signature`."""

    @model_validator(mode="after")
    def _check_vouchers(self) -> Self:
        given = {
            "VOUCHER_ISSUER": self.voucher_issuer,
            "VOUCHER_AUDIENCE": self.voucher_audience,
            "VOUCHER_JWKS": self.voucher_jwks,
            "EVIDENCE_SECRET": self.evidence_secret.get_secret_value(),
        }
        if not self.voucher_issuer:
            return self
        for name, value in given.items():
            if not value:
                raise ValueError(f"{name} is needed with VOUCHER_ISSUER")
        if not self.proven_bases:
            raise ValueError("VOUCHER_BASE_URL or PUBLIC_URL is needed with VOUCHER_ISSUER")
        if not self.sandbox:
            self._check_no_sandbox()
        return self

    def _check_no_sandbox(self) -> None:
        if self.voucher_issuer.rstrip("/") == SANDBOX_VOUCHER_ISSUER:
            raise ValueError("VOUCHER_ISSUER is the sandbox's, and SANDBOX is false")
        jwks = self.voucher_jwks
        beside = Path(jwks).parent / SANDBOX_AUTHORITY_KEY_FILE
        if urlsplit(jwks).scheme != "https" and beside.exists():
            raise ValueError(
                f"VOUCHER_JWKS lies beside a sandbox's {SANDBOX_AUTHORITY_KEY_FILE}, "
                "and SANDBOX is false"
            )

    @property
    def voucher_audiences(self) -> tuple[str, ...]:
        """The audiences as a list."""
        return _listed(self.voucher_audience)

    @property
    def proven_bases(self) -> tuple[str, ...]:
        """The addresses that a proof of possession may name."""
        return _listed(self.voucher_base_url) or _listed(self.public_url)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in text.split(","))))
