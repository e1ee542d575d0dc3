"""The settings of the registers of public bodies, digital domiciles and residents."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

_URL: Final = Field(pattern=r"^(https://[^?#]+)?$")
_UUID: Final = Field(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")
_VISIBLE: Final = Field(pattern=r"^[\x21-\x7e]*$")
_PRIVATE_KEY: Final = re.compile(r"\s*-----BEGIN (RSA )?PRIVATE KEY-----\s")


class RegisterSettings(BaseSettings):
    """The addresses of registers, and the client of this installation at PDND."""

    public_bodies_url: Annotated[str, _URL] = ""
    """The address of the service WS23 of the register of public bodies (IPA); empty: no register.

    Without a register, operators alone make organisations.
    """
    public_bodies_key: SecretStr = SecretStr("")
    """The AUTH_ID that the register gives to its users."""
    digital_domiciles_url: Annotated[str, _URL] = ""
    """The base address of the e-service of INAD, as PDND tells it; empty: no register.

    Without a register, senders get no digital domiciles of the citizens whom a batch did not reach.
    """
    digital_domiciles_purpose_id: Annotated[str, _UUID] = ""
    """The purpose at PDND for which INAD is asked."""
    residents_url: Annotated[str, _URL] = ""
    """The base address of the e-service C019 of ANPR, as PDND tells it; empty: no register."""
    residents_audience: Annotated[str, _VISIBLE] = ""
    """The audience that ANPR asks for in the evidence and the signature of a request."""
    residents_purpose_id: Annotated[str, _UUID] = ""
    """The purpose at PDND for which ANPR is asked."""
    residents_place: Annotated[str, _VISIBLE] = ""
    """The name of this installation in the evidence of a request."""
    resident_check_days: Annotated[int, Field(ge=0, le=365)] = 0
    """The days for which an answer of ANPR about a citizen counts; 0: it is not asked.

    With a check, no message is delivered to a citizen who died.
    """
    pdnd_token_url: Annotated[str, _URL] = ""
    """The address at which PDND gives vouchers to clients."""
    pdnd_audience: Annotated[str, _VISIBLE] = ""
    """The audience that PDND asks for in a client's assertion."""
    pdnd_client_id: Annotated[str, _UUID] = ""
    """The client of this installation at PDND."""
    pdnd_key_id: Annotated[str, _VISIBLE] = ""
    """The id of the client's public key at PDND."""
    pdnd_private_key: SecretStr = SecretStr("")
    """The client's private RSA key in PEM; its line ends may be written as `\\n`."""

    @model_validator(mode="after")
    def _check_registers(self) -> Self:
        if self.public_bodies_url and not self.public_bodies_key.get_secret_value():
            raise ValueError("PUBLIC_BODIES_KEY is needed with PUBLIC_BODIES_URL")
        if self.digital_domiciles_url:
            purpose = {"DIGITAL_DOMICILES_PURPOSE_ID": self.digital_domiciles_purpose_id}
            self._check_client("DIGITAL_DOMICILES_URL", purpose)
        if self.residents_url:
            purpose = {
                "RESIDENTS_AUDIENCE": self.residents_audience,
                "RESIDENTS_PURPOSE_ID": self.residents_purpose_id,
                "RESIDENTS_PLACE": self.residents_place,
            }
            self._check_client("RESIDENTS_URL", purpose)
        return self

    def _check_client(self, register: str, purpose: Mapping[str, str]) -> None:
        """Raise ValueError for what a register over PDND lacks."""
        given = {
            **purpose,
            "PDND_TOKEN_URL": self.pdnd_token_url,
            "PDND_AUDIENCE": self.pdnd_audience,
            "PDND_CLIENT_ID": self.pdnd_client_id,
            "PDND_KEY_ID": self.pdnd_key_id,
        }
        for name, value in given.items():
            if not value:
                raise ValueError(f"{name} is needed with {register}")
        if not _PRIVATE_KEY.match(self.pdnd_key):
            raise ValueError("PDND_PRIVATE_KEY must be a private key in PEM")

    @property
    def pdnd_key(self) -> str:
        """The private key with its line ends."""
        return self.pdnd_private_key.get_secret_value().replace("\\n", "\n")
