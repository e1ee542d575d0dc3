"""The register of digital domiciles (INAD) over PDND, by its lists.

Its answers to single questions have the fiscal code in the URL, so they are not used.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import orjson

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.registers.pdnd_client import Vouchers
from lib.domain.profiles.email_address import parse_address
from lib.domain.shared.values import Masked
from lib.ports.errors import NotFoundError, UnavailableError

SECONDS: Final = 20
"""The seconds of a call: a list has a thousand citizens, and nobody waits at a screen."""
MAX_BYTES: Final = 4 * 1024 * 1024
_OK, _ACCEPTED, _SEE_OTHER, _UNAUTHORIZED, _NOT_FOUND = 200, 202, 303, 401, 404
_LISTS: Final = "listDigitalAddress"
_READY: Final = "DISPONIBILE"


class HTTPDigitalDomiciles:
    """The client of the register. `url`: the base address that PDND tells."""

    def __init__(self, url: str, vouchers: Vouchers, http: GuardedHTTP) -> None:
        self._url = f"{url.rstrip('/')}/{_LISTS}"
        self._vouchers = vouchers
        self._http = http

    async def ask(self, fiscal_codes: Sequence[str], reference: str) -> str:
        """Return the id of a list; see lib.ports.registers.digital_domiciles."""
        voucher = await self._vouchers.current()
        headers = {**_headers(voucher), "Content-Type": "application/json"}
        # `praticalReference` is the register's spelling
        body = orjson.dumps({"codiciFiscali": list(fiscal_codes), "praticalReference": reference})
        status, content = await self._http.post(self._url, headers, body)
        list_id = _read(content).get("id") if status == _ACCEPTED else None
        if not isinstance(list_id, str) or not list_id:
            raise self._fault(status, voucher)
        return list_id

    async def answer(
        self, list_id: str, fiscal_codes: Sequence[str]
    ) -> Mapping[str, Masked] | None:
        """Return the domiciles, None while not ready; see lib.ports.registers.digital_domiciles."""
        id_ = quote(list_id, safe="")
        status, content = await self._get(f"{self._url}/state/{id_}", _SEE_OTHER)
        if status == _OK and content.get("state") != _READY:
            return None
        _, content = await self._get(f"{self._url}/response/{id_}")
        found = content.get("list")
        if not isinstance(found, list):
            raise UnavailableError("the register of digital domiciles answered no list")
        asked = frozenset(fiscal_codes)
        domiciles = ((one.get("codiceFiscale"), _domicile(one)) for one in found if _is_object(one))
        return {code: found for code, found in domiciles if code in asked and found is not None}

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()

    async def _get(self, url: str, *more: int) -> tuple[int, dict[str, Any]]:
        """Return the answer of a status 200 or `more`. Raise NotFoundError, UnavailableError."""
        voucher = await self._vouchers.current()
        answer = await self._http.fetch(url, _headers(voucher), most=MAX_BYTES)
        if answer.status == _NOT_FOUND:
            raise NotFoundError("the register of digital domiciles does not keep the list")
        if answer.status not in {_OK, *more}:
            raise self._fault(answer.status, voucher)
        return answer.status, _read(answer.body)

    def _fault(self, status: int, voucher: str) -> UnavailableError:
        if status == _UNAUTHORIZED:
            self._vouchers.forget(voucher)
        return UnavailableError(f"the register of digital domiciles answered {status}")


def _headers(voucher: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {voucher}", "Accept": "application/json"}


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if _is_object(found) else {}


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _domicile(record: dict[str, Any]) -> Masked | None:
    """Return the domicile of a citizen; None without one.

    A professional's address is the domicile of the person unless the person chose another one
    (article 6-quater of the CAD), so it comes second.
    """
    listed, since = record.get("digitalAddress"), _text(record, "since")
    found = [one for one in listed if _is_object(one)] if isinstance(listed, list) else []
    current = [one for one in found if not _has_ended(one, since)]
    current.sort(key=lambda one: bool(_text(one, "practicedProfession")))
    return next(filter(None, map(_address, current)), None)


def _has_ended(element: dict[str, Any], since: str) -> bool:
    """Tell whether the domicile had ended when the register was read."""
    usage = element.get("usageInfo")
    ended = _text(usage, "dateEndValidity") if isinstance(usage, dict) else ""
    try:
        return bool(ended) and _moment(ended) <= _moment(since)
    except ValueError:
        # whether the address may be used is not known
        return True


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(element: dict[str, Any]) -> Masked | None:
    text = _text(element, "digitalAddress")
    try:
        parse_address(text)
    except ValueError:
        return None
    return Masked(text)


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""
