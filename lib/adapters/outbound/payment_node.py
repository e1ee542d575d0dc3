"""pagoPA's payment node over HTTP: `GET {base}/payment-requests/{rpt_id}`."""

from typing import Any, Final

import aiohttp
import orjson

from lib.domain.payments.errors import FaultCategory, PaymentFaultError
from lib.domain.shared.identifiers import OrganizationFiscalCode, RptId
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import NodeRefusedError, PaymentInfo

TIMEOUT: Final = aiohttp.ClientTimeout(total=5, connect=2)
"""The seconds of a call, for which a citizen waits."""
MAX_BYTES: Final = 64 * 1024
CONNECTIONS: Final = 64
MAX_FAULT_LENGTH: Final = 100
"""The most characters of a fault code in an answer to a citizen."""

_REFUSALS: Final = frozenset({400, 401, 403})
_FAULTS: Final[dict[int, frozenset[str]]] = {
    404: frozenset({"PAYMENT_UNKNOWN", "PAYMENT_DATA_ERROR"}),
    409: frozenset(
        {"PAYMENT_ONGOING", "PAYMENT_EXPIRED", "PAYMENT_CANCELED", "PAYMENT_DUPLICATED"}
    ),
    502: frozenset({"GENERIC_ERROR", "PAYMENT_UNAVAILABLE"}),
    503: frozenset({"DOMAIN_UNKNOWN"}),
}
_OK: Final = 200


class HTTPPaymentNode:
    """The client of the payment node, which opens on first use in the event loop of that use."""

    def __init__(self, base: str, key: str) -> None:
        self._base = base.rstrip("/")
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    async def info(self, rpt_id: RptId) -> PaymentInfo:
        """Return the payment data of a notice; see lib.ports.payment_node.

        `rpt_id` has digits only.
        """
        try:
            async with self._opened().get(
                f"{self._base}/payment-requests/{rpt_id}", allow_redirects=False
            ) as response:
                status, body = response.status, await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            msg = f"the payment node did not answer: {type(error).__name__}"
            raise UnavailableError(msg) from None
        if status == _OK:
            return _info(rpt_id, body)
        if status in _REFUSALS:
            raise NodeRefusedError(f"the payment node answered {status}")
        if _text(body.get("faultCodeCategory")) in _FAULTS.get(status, ()):
            raise _fault(body)
        raise UnavailableError(f"the payment node answered {status}")

    async def close(self) -> None:
        """Release the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Ocp-Apim-Subscription-Key": self._key, "Accept": "application/json"},
                timeout=TIMEOUT,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return the members of the answer; empty for an answer that is too long or no JSON object."""
    read = bytearray()
    async for chunk in response.content.iter_chunked(MAX_BYTES):
        read += chunk
        if len(read) > MAX_BYTES:
            return {}
    try:
        body = orjson.loads(read)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _info(rpt_id: RptId, body: dict[str, Any]) -> PaymentInfo:
    amount = body.get("amount")
    if type(amount) is not int or amount < 0:
        raise PaymentFaultError("GENERIC_ERROR", "UNREADABLE_ANSWER")
    payee = _text(body.get("paFiscalCode"))
    return PaymentInfo(
        rpt_id=rpt_id,
        amount=amount,
        payee_fiscal_code=None if payee is None else OrganizationFiscalCode(payee),
        payee_name=_text(body.get("paName")),
        description=_text(body.get("description")),
        due_date=_text(body.get("dueDate")),
    )


def _fault(body: dict[str, Any]) -> PaymentFaultError:
    category: FaultCategory = body["faultCodeCategory"]
    detail = _text(body.get("faultCodeDetail")) or category
    return PaymentFaultError(category, detail[:MAX_FAULT_LENGTH])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
