"""Every setting of the app, read once from the environment; a bad one stops the start."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

type Secret = Annotated[SecretStr, Field(min_length=16)]


class SettingsError(Exception):
    """The settings are wrong; the text names each and its rule, never its value."""


class Settings(BaseSettings):
    """The app's settings; the names in the environment are these in upper case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    stack: Literal["embedded"]
    """The engines behind the ports."""
    data_folder: Path = Path(".data")
    """Where the embedded stack keeps everything."""
    sandbox: bool = False
    """A clock that can be moved and captured notifications; for the local host alone."""
    key_hash_secret: Secret
    """Under which sender keys are hashed."""
    pseudonym_secret: Secret
    """Under which fiscal codes become pseudonyms."""
    citizen_token_issuer: Annotated[str, Field(min_length=1)]
    citizen_token_audience: Annotated[str, Field(min_length=1)]
    citizen_token_jwks: Annotated[str, Field(pattern=r"^(https://.+|[^:]+)$")]
    """https address, or path of a file, of the JSON Web Key Set that verifies citizens' tokens."""
    sender_cache_seconds: Annotated[float, Field(ge=0, le=60)] = 60
    """How long a revoked key may still be taken."""
    trusted_proxies: Annotated[int, Field(ge=1, le=5)] = 1
    """Hops in front of the app that append to X-Forwarded-For: 1 = the platform's front end."""
    rejected_retention_days: Annotated[int, Field(ge=1, le=3650)] = 1095
    """How long the sender can still read that a message was rejected."""
    website_instance_id: str = ""
    """Set by Azure itself, and nowhere else."""
    min_app_version_with_read_auth: Annotated[str, Field(pattern=r"^\d+(\.\d+){1,3}$")] = "2.14.0"
    """Older apps never asked the citizen whether senders may see what was read."""

    @model_validator(mode="after")
    def _no_sandbox_in_azure(self) -> Self:
        if self.sandbox and self.website_instance_id:
            raise ValueError("SANDBOX is for the local host alone")
        return self

    @property
    def sender_cache(self) -> timedelta:
        """`sender_cache_seconds` as a duration."""
        return timedelta(seconds=self.sender_cache_seconds)


def read_settings() -> Settings:
    """Read the environment; raise SettingsError that names each wrong setting."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
            for one in error.errors(include_input=False, include_url=False)
        )
        msg = f"settings: {problems}"
        raise SettingsError(msg) from None
