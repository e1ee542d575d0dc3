"""The register of residents (ANPR) over PDND: its e-service C019, by fiscal code.

Each request brings the evidence of who asks (AUDIT_REST_02), whose digest is in its voucher, and a
signature of its body (INTEGRITY_REST_02).
"""

import base64
import hashlib
import secrets
import uuid
from typing import Any, Final

import orjson

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.registers.pdnd_client import PdndClient, Vouchers, signed
from lib.domain.shared.deadline import in_rome
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.registers.residents import Standing

SECONDS: Final = 5
"""The seconds of a call: a message waits for it."""
_USE_CASE: Final = "C019"
_OPERATION: Final = "anpr-service-e002"
_REASON: Final = "Recapito di comunicazioni al cittadino"
_ACTOR: Final = "recapito"
"""The user in the evidence: the app itself, since no person asks."""
_OK, _NOT_FOUND = 200, 404


class HTTPResidents:
    """The client of the register. `url`, `audience`: of the e-service, as PDND tells them.

    `place`: the name of this installation in the evidence.
    """

    def __init__(
        self,
        url: str,
        audience: str,
        place: str,
        client: PdndClient,
        vouchers: Vouchers,
        http: GuardedHTTP,
        clock: Clock,
    ) -> None:
        self._url = f"{url.rstrip('/')}/{_OPERATION}"
        self._audience, self._place = audience, place
        self._client, self._vouchers, self._http = client, vouchers, http
        self._clock = clock

    async def standing(self, fiscal_code: str) -> Standing:
        """Tell whether a citizen is alive; see lib.ports.registers.residents."""
        evidence = signed(self._client, self._audience, self._evidence())
        voucher = await self._vouchers.with_evidence(evidence)
        body = orjson.dumps(self._question(fiscal_code))
        digest = f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"
        covered = [{"digest": digest}, {"content-type": "application/json"}]
        headers = {
            "Authorization": f"Bearer {voucher}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Digest": digest,
            "Agid-JWT-Signature": signed(self._client, self._audience, {"signed_headers": covered}),
            "Agid-JWT-TrackingEvidence": evidence,
        }
        status, content = await self._http.post(self._url, headers, body)
        if status == _NOT_FOUND:
            return "UNKNOWN"
        if status != _OK:
            raise UnavailableError(f"the register of residents answered {status}")
        return _standing(fiscal_code, content)

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()

    def _evidence(self) -> dict[str, Any]:
        return {
            "purposeId": self._client.purpose_id,
            "dnonce": str(secrets.randbelow(9 * 10**12) + 10**12),
            "userID": _ACTOR,
            "userLocation": self._place,
            "LoA": "LOA3",
        }

    def _question(self, fiscal_code: str) -> dict[str, Any]:
        return {
            "idOperazioneClient": uuid.uuid4().hex,
            "criteriRicerca": {"codiceFiscale": fiscal_code},
            "datiRichiesta": {
                "dataRiferimentoRichiesta": in_rome(self._clock.now()).date().isoformat(),
                "motivoRichiesta": _REASON,
                "casoUso": _USE_CASE,
            },
        }


def _standing(fiscal_code: str, content: bytes) -> Standing:
    """Return what an answer says of the citizen. Raise UnavailableError for one about another."""
    try:
        found = orjson.loads(content)["listaSoggetti"]["datiSoggetto"][0]
        facts = found.get("infoSoggettoEnte") or []
        code = found.get("generalita", {}).get("codiceFiscale", {}).get("codFiscale", fiscal_code)
        told = {str(one.get("chiave", "")).lower(): one.get("valore") for one in facts}
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError):
        raise UnavailableError("the register of residents answered nothing of its form") from None
    if code != fiscal_code:
        # a fiscal code may have been replaced: the answer is about this person, or about another
        raise UnavailableError("the register of residents answered about another fiscal code")
    value = next((told[key] for key in told if "esistenza in vita" in key), None)
    standings: dict[Any, Standing] = {"S": "ALIVE", "N": "DEAD"}
    return standings.get(value, "UNKNOWN")
