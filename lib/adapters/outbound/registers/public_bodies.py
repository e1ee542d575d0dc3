"""The register of public bodies (IPA) over HTTP: its service WS23, by fiscal code.

The service takes a form with AUTH_ID and CF, and answers with the digital domiciles of the body
and of its invoicing services, each with the name and the code of the body.
"""

from typing import Any, Final

import orjson

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.domain.profiles.email_address import parse_address
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.errors import UnavailableError
from lib.ports.registers.public_bodies import PublicBody

_OK: Final = 200
_NOT_FOUND: Final = 404


class HTTPPublicBodies:
    """The client of the register. `key`: the AUTH_ID that the register gives to its users."""

    def __init__(self, url: str, key: str, http: GuardedHTTP) -> None:
        self._url = url
        self._key = key
        self._http = http

    async def find(self, fiscal_code: OrganizationFiscalCode) -> PublicBody | None:
        """Return the body of this fiscal code; see lib.ports.registers.public_bodies."""
        form = {"AUTH_ID": self._key, "CF": fiscal_code}
        status, content = await self._http.post(self._url, {"Accept": "application/json"}, form)
        if status == _NOT_FOUND:
            return None
        if status != _OK:
            raise UnavailableError(f"the register of public bodies answered {status}")
        return _body(fiscal_code, _records(content))

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()


def _records(content: bytes) -> list[Any]:
    """Return the records of the answer. Raise UnavailableError for an answer with an error."""
    try:
        answer = orjson.loads(content)
        error = answer["result"]["cod_err"]
        data = answer.get("data") or []
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise UnavailableError("the register of public bodies answered no JSON of its form") from (
            None
        )
    if error not in {0, "0"}:
        raise UnavailableError("the register of public bodies answered an error")
    return data if isinstance(data, list) else [data]


def _body(fiscal_code: OrganizationFiscalCode, records: list[Any]) -> PublicBody | None:
    found = [one for one in records if isinstance(one, dict) and _text(one, "cod_amm")]
    domiciles = dict.fromkeys(filter(None, (_address(one) for one in found)))
    if not domiciles:
        return None
    first = found[0]
    return PublicBody(
        fiscal_code, _text(first, "des_amm"), _text(first, "cod_amm"), tuple(domiciles)
    )


def _address(record: dict[str, Any]) -> str | None:
    """Return the domicile of a record; None for a domicile that is no e-mail address."""
    text = _text(record, "domicilio_digitale").lower()
    try:
        parse_address(text)
    except ValueError:
        return None
    return text


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""
