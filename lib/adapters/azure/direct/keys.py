"""Sign requests with the keys of the emulators; in Azure there are no keys."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from azure.core.utils import parse_connection_string
from yarl import URL

from lib.adapters.azure.direct.examples import Sign

_COLLECTION: Final = 4
"""The parts of a container's name: dbs, the database, colls, the container."""
_ITEM: Final = 6


def cosmos_key(key: str) -> Sign | None:
    """Return the signature of Cosmos DB's master key."""
    secret = base64.b64decode(key)

    def sign(method: str, address: str, headers: Mapping[str, str], _: bytes) -> str:
        parts = URL(address, encoded=True).raw_path.strip("/").split("/")
        link = "/".join(parts[: _ITEM if len(parts) == _ITEM else _COLLECTION])
        text = f"{method.lower()}\ndocs\n{unquote(link)}\n{headers['x-ms-date'].lower()}\n\n"
        return quote(f"type=master&ver=1.0&sig={_signature(secret, text)}", "-_.!~*'()")

    return sign if key else None


def storage_key(connection: str) -> Sign | None:
    """Return the signature of a storage account's key, which the connection string has."""
    if not connection:
        return None
    parts = parse_connection_string(connection)
    account, secret = parts["accountname"], base64.b64decode(parts["accountkey"])

    def sign(method: str, address: str, headers: Mapping[str, str], body: bytes) -> str:
        url = URL(address, encoded=True)
        named = [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-ms-")]
        asked = [f"{name.lower()}:{value}" for name, value in sorted(url.query.items())]
        length, kind = str(len(body) or ""), headers.get("content-type", "")
        # the empty lines are headers that no request has
        lines = [method, "", "", length, "", kind, "", "", "", "", "", "", *named]
        text = "\n".join([*lines, f"/{account}{url.raw_path}", *asked])
        return f"SharedKey {account}:{_signature(secret, text)}"

    return sign


def _signature(secret: bytes, text: str) -> str:
    return base64.b64encode(hmac.digest(secret, text.encode(), hashlib.sha256)).decode()
