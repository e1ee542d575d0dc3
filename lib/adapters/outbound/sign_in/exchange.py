"""Calls of a provider's addresses, through the guard. No error has the address or the answer."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from lib.adapters.outbound.guarded_http import Fetched, GuardedHTTP, NoAnswerError
from lib.ports.errors import UnavailableError


class Provider(NamedTuple):
    """A provider as the settings name it. `is_federated`: its metadata is an entity statement."""

    id: str
    issuer: str
    is_federated: bool = False


class Exchange:
    """The calls of one provider."""

    def __init__(self, provider: Provider, http: GuardedHTTP) -> None:
        self._name, self._http = f"the identity provider {provider.id}", http

    async def get(self, url: str, token: str = "") -> Fetched:
        """Return an answer with status 200, asked for with a bearer token if one is given.

        Raises: UnavailableError.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            answer = await self._http.fetch(url, headers)
        except NoAnswerError as error:
            raise self.fault(f"gave no answer ({error.fault})") from None
        if answer.status != 200:  # noqa: PLR2004 - the status OK
            raise self.fault(f"answered {answer.status}")
        return answer

    async def post(self, url: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Post a form; return the status and the JSON object. Raise UnavailableError."""
        try:
            status, body = await self._http.post(url, {"Accept": "application/json"}, form)
        except UnavailableError:
            raise self.fault("gave no answer") from None
        return status, object_of(body)

    def fault(self, what: str) -> UnavailableError:
        """Return the error of a provider that cannot be used."""
        return UnavailableError(f"{self._name} {what}")

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()


def object_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer; empty for another body."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
