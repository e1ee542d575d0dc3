"""Read a notification hub's connection string, and sign its tokens.

The hub's data plane does not support Entra ID: a token is a signature with the key of a rule.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote, urlsplit

LIFE_SECONDS: Final = 3600
RENEW_SECONDS: Final = 600
"""The seconds between the replacement and the end of a token.

Clocks differ, and requests take time.
"""


@dataclass(frozen=True, slots=True)
class HubAddress:
    """The address of a hub, from a connection string that the settings have checked."""

    url: str
    key_name: str
    key: str = field(repr=False)

    @classmethod
    def read(cls, connection: str, hub: str) -> Self:
        """Parse a connection string. Its scheme `sb` of Service Bus means https."""
        named = (part.partition("=") for part in connection.split(";"))
        parts = {name.strip(): value.strip() for name, _, value in named}
        endpoint = urlsplit(parts["Endpoint"])
        scheme = "https" if endpoint.scheme == "sb" else endpoint.scheme
        url = f"{scheme}://{endpoint.netloc}/{hub}"
        return cls(url, parts["SharedAccessKeyName"], parts["SharedAccessKey"])


class HubTokens:
    """The tokens of a hub. A token is valid for an hour, and is replaced before its end."""

    def __init__(self, address: HubAddress) -> None:
        self._address = address
        self._token, self._ends = "", 0

    def current(self) -> str:
        """Return a token for the Authorization header."""
        now = int(time.time())
        if self._ends - now < RENEW_SECONDS:
            self._ends = now + LIFE_SECONDS
            self._token = signed(self._address, self._ends)
        return self._token


def signed(address: HubAddress, ends: int) -> str:
    """Sign the hub's address and the token's end, in seconds since 1970."""
    resource = quote(address.url.lower(), safe="")
    digest = hmac.digest(address.key.encode(), f"{resource}\n{ends}".encode(), hashlib.sha256)
    signature = quote(base64.b64encode(digest), safe="")
    name = quote(address.key_name, safe="")
    return f"SharedAccessSignature sr={resource}&sig={signature}&se={ends}&skn={name}"
