"""The rules for a citizen's token and the names of its claims; part of Settings."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from lib.composition.settings.secrets import SecretSettings
from lib.domain.identity.citizen_token import TokenRules

SANDBOX_ISSUER: Final = "https://sandbox.recapito.example"
SANDBOX_AUDIENCE: Final = "recapito-sandbox"
SANDBOX_KEY_FILE: Final = "citizen-signing-key.pem"
"""The private key of the sandbox's identity provider, beside its key set."""

_NAMESPACE: Final = "https://attributes.eid.gov.it/"
ACR_VALUES: Final = (
    "https://www.spid.gov.it/SpidL2",
    "https://www.spid.gov.it/SpidL3",
    "CIE_L2",
    "CIE_L3",
)
"""Level of assurance 2 and above, by the names of SPID and of CIE."""
FISCAL_CODE_CLAIMS: Final = (
    "fiscal_number",
    f"{_NAMESPACE}fiscal_number",
    "https://attributes.spid.gov.it/fiscalNumber",
)
NAME_CLAIMS: Final = ("given_name", "name")
FAMILY_NAME_CLAIMS: Final = ("family_name",)
BIRTH_DATE_CLAIMS: Final = ("birthdate", "date_of_birth", f"{_NAMESPACE}date_of_birth")

type Words = Annotated[str, Field(pattern=r"^[\x21-\x7e]*( *, *[\x21-\x7e]+)*$", max_length=2000)]


class TokenSettings(SecretSettings):
    """The settings of tokens. Lists are comma-separated, the preferred name first.

    An empty list means the default list above.
    """

    citizen_token_issuer: str = ""
    """The issuer whose tokens are accepted, beside those of this app; empty: no other issuer."""
    citizen_token_audience: str = ""
    citizen_token_jwks: Annotated[str, Field(pattern=r"^(https://.+|[^:]*)$")] = ""
    """The https address or file path of the JSON Web Key Set that verifies citizens' tokens."""
    citizen_token_acr_values: Words = ""
    """The accepted levels of assurance, as the claim `acr` names them; see ACR_VALUES."""
    citizen_token_scope: Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]*$")] = ""
    """The scope that a token must have; empty for id tokens, which have no scope."""
    citizen_token_max_seconds: Annotated[int, Field(ge=60, le=31_536_000)] = 86_400
    """The greatest lifetime of a token, from its `iat`, or from now for a token without `iat`."""
    citizen_token_fiscal_code_claims: Words = ""
    citizen_token_name_claims: Words = ""
    citizen_token_family_name_claims: Words = ""
    citizen_token_birth_date_claims: Words = ""
    citizen_minimum_age: Annotated[int, Field(ge=0, le=18)] = 14
    """The minimum age in full years; younger citizens are refused. 0: ages are not checked."""

    @model_validator(mode="after")
    def _check_issuer(self) -> Self:
        given = {
            "CITIZEN_TOKEN_ISSUER": self.citizen_token_issuer,
            "CITIZEN_TOKEN_AUDIENCE": self.citizen_token_audience,
            "CITIZEN_TOKEN_JWKS": self.citizen_token_jwks,
        }
        missing = [name for name, value in given.items() if not value]
        if len(missing) == len(given) and not self.sign_in_secret.get_secret_value():
            raise ValueError(
                "CITIZEN_TOKEN_ISSUER or SIGN_IN_SECRET is needed: who logs citizens in"
            )
        if missing and len(missing) < len(given):
            raise ValueError(f"{missing[0]} is needed: the settings CITIZEN_TOKEN_* go together")
        if self.sandbox or missing:
            return self
        if self.citizen_token_issuer.rstrip("/") == SANDBOX_ISSUER:
            raise ValueError("CITIZEN_TOKEN_ISSUER is the sandbox's, and SANDBOX is false")
        if self.citizen_token_audience == SANDBOX_AUDIENCE:
            raise ValueError("CITIZEN_TOKEN_AUDIENCE is the sandbox's, and SANDBOX is false")
        jwks = self.citizen_token_jwks
        if not jwks.startswith("https://") and (Path(jwks).parent / SANDBOX_KEY_FILE).exists():
            raise ValueError(
                f"CITIZEN_TOKEN_JWKS lies beside a sandbox's {SANDBOX_KEY_FILE}, "
                "and SANDBOX is false"
            )
        return self


def rules_of(settings: TokenSettings) -> TokenRules:
    """Return the rules that the settings name."""
    return TokenRules(
        acr_values=words(settings.citizen_token_acr_values, ACR_VALUES),
        scope=settings.citizen_token_scope,
        max_lifetime=timedelta(seconds=settings.citizen_token_max_seconds),
        minimum_age=settings.citizen_minimum_age,
        fiscal_code_claims=words(settings.citizen_token_fiscal_code_claims, FISCAL_CODE_CLAIMS),
        name_claims=words(settings.citizen_token_name_claims, NAME_CLAIMS),
        family_name_claims=words(settings.citizen_token_family_name_claims, FAMILY_NAME_CLAIMS),
        birth_date_claims=words(settings.citizen_token_birth_date_claims, BIRTH_DATE_CLAIMS),
    )


def words(text: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Parse a comma-separated list; an empty list means the default."""
    return tuple(filter(None, (word.strip() for word in text.split(",")))) or default
