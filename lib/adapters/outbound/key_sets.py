"""Fetch an identity provider's keys, from an https address or a file."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import jwt
import requests

from lib.ports.errors import UnavailableError

FRESH_SECONDS: Final = 600
RETRY_SECONDS: Final = 10
TIMEOUT_SECONDS: Final = 5


class CachedKeySet:
    """A key set, cached for ten minutes.

    An unknown key id leads to a new fetch, at most every 10 s. A failed fetch is repeated after
    10 s; until then the known keys are used.

    `fetch`: returns the keys by their ids. Raises: OSError, ValueError, UnavailableError.
    """

    def __init__(self, fetch: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, Any] = {}
        self._fetched_at = -float("inf")
        self._failure = ""
        self._lock = asyncio.Lock()

    async def key(self, key_id: str) -> Any | None:
        """Return the public key; see lib.ports.keys."""
        # a call with a known key does not wait for the fetch of another call
        if self._due(key_id) and not (key_id in self._keys and self._lock.locked()):
            async with self._lock:
                if self._due(key_id):
                    await self._refresh()
        found = self._keys.get(key_id)
        if found is None and self._failure:
            msg = f"the key set cannot be fetched: {self._failure}"
            raise UnavailableError(msg, retry_after=RETRY_SECONDS)
        return found

    async def _refresh(self) -> None:
        try:
            self._keys, self._failure = await self._fetch(), ""
        except (OSError, ValueError, RecursionError, UnavailableError) as error:
            self._failure = type(error).__name__
        self._fetched_at = time.monotonic()

    def _due(self, key_id: str) -> bool:
        fresh = key_id in self._keys and not self._failure
        return time.monotonic() - self._fetched_at > (FRESH_SECONDS if fresh else RETRY_SECONDS)


def key_set_at(location: str) -> CachedKeySet:
    """Return the keys at an https address or in a file, each as `jwt.PyJWK`."""
    return CachedKeySet(lambda: asyncio.to_thread(_fetched, location))


def _fetched(location: str) -> dict[str, Any]:
    if location.startswith("https://"):
        answer = requests.get(location, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        if answer.is_redirect:
            raise OSError("the key set has moved; set its new address")
        document = answer.json()
    else:
        document = json.loads(Path(location).read_bytes())
    if not isinstance(document, dict):
        raise ValueError("the key set is not a JSON object")  # noqa: TRY004 - a wrong value
    try:
        keys = jwt.PyJWKSet.from_dict(document).keys
    except jwt.PyJWTError as error:
        raise ValueError(str(error)) from None
    # the key set of another program may have a number or a list as an id
    return {str(key.key_id or ""): key for key in keys}
