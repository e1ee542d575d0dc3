"""The public keys of the sandbox authority's clients, from a file of the data folder."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib.domain.shared.identifiers import VoucherClientId
from lib.ports.errors import UnavailableError


class SandboxClientKeys:
    """Find a client's key in a file: an object of clients, each with its list of keys (JWK)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def find(self, client_id: VoucherClientId, key_id: str) -> Mapping[str, Any] | None:
        """Return the key; see lib.ports.keys. The file is read anew, since it may change."""
        try:
            clients = json.loads(await asyncio.to_thread(self._path.read_bytes))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            msg = f"the keys of the sandbox's clients cannot be read: {type(error).__name__}"
            raise UnavailableError(msg) from None
        keys: list[dict[str, Any]] = clients.get(client_id, [])
        return next((key for key in keys if key.get("kid") == key_id), None)
