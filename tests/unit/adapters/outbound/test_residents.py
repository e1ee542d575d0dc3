"""The register of residents: its client for ANPR, and the sandbox's script of it."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization

from lib.adapters.embedded.registers import scripted_residents as script
from lib.adapters.embedded.registers.scripted_residents import ScriptedResidents
from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.registers.pdnd_client import Vouchers
from lib.adapters.outbound.registers.residents import HTTPResidents
from lib.ports.errors import UnavailableError
from tests.doubles.clock import StillClock
from tests.doubles.digital_domiciles import CLIENT_ID, PURPOSE_ID, a_client, private_key
from tests.doubles.tls import Upstream
from tests.unit.adapters.outbound.support import url_of

CITIZEN: Final = "RSSMRA80A01H501U"
BASE: Final = "/govway/rest/in/MinInternoPortaANPR-PDND/C019-servizioAccertamentoEsistenzaVita/v1"
AUDIENCE: Final = "https://modipa.example/C019-servizioAccertamentoEsistenzaVita/v1"

type Guard = Callable[..., GuardedHTTP]


def about(value: str | None, code: str = CITIZEN) -> dict[str, Any]:
    """Return an answer of the register."""
    facts = [] if value is None else [{"chiave": "Verifica esistenza in vita", "valore": value}]
    subject = {
        "generalita": {"codiceFiscale": {"codFiscale": code}},
        "infoSoggettoEnte": facts,
    }
    return {"idOperazioneANPR": "1", "listaSoggetti": {"datiSoggetto": [subject]}}


class Anpr:
    """The register, and the authority that gives vouchers with the digest of an evidence."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.body, self.status = answer, status
        self.digests: list[str] = []
        self.asked: list[tuple[web.Request, bytes]] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request."""
        content = await request.read()
        if request.path == "/token.oauth2":
            assertion = parse_qs(content.decode())["client_assertion"][0]
            claims = jwt.decode(assertion, options={"verify_signature": False})
            self.digests.append(claims["digest"]["value"])
            return web.json_response({"access_token": "a-voucher", "expires_in": 600})
        self.asked.append((request, content))
        return web.json_response(self.body, status=self.status)


def client_of(upstream: Upstream, guard: Guard, anpr: Anpr) -> HTTPResidents:
    """Return a client of the register."""
    upstream.answer = anpr.answer
    http, client = guard(), a_client(url_of(upstream, "/token.oauth2"))
    url = url_of(upstream, f"{BASE}/")
    return HTTPResidents(
        url, AUDIENCE, "recapito-test", client, Vouchers(client, http), http, StillClock()
    )


def claims_of(token: str) -> dict[str, Any]:
    """Return the verified claims of what the client signed."""
    key: Any = serialization.load_pem_private_key(private_key().encode(), None)
    found: dict[str, Any] = jwt.decode(
        token, key.public_key(), algorithms=["RS256"], audience=AUDIENCE, issuer=CLIENT_ID
    )
    return found


async def test_a_question_is_signed_and_says_who_asks(upstream: Upstream, guard: Guard) -> None:
    """The voucher names the evidence, and the signature covers the body; both are used once."""
    anpr = Anpr(about("S"))
    register = client_of(upstream, guard, anpr)

    assert [await register.standing(CITIZEN) for _ in range(2)] == ["ALIVE", "ALIVE"]

    await register.close()
    evidences = [request.headers["Agid-JWT-TrackingEvidence"] for request, _ in anpr.asked]
    assert len(set(evidences)) == 2
    assert anpr.digests == [hashlib.sha256(one.encode()).hexdigest() for one in evidences]
    request, content = anpr.asked[0]
    assert request.path == f"{BASE}/anpr-service-e002"
    assert CITIZEN not in request.path_qs
    assert request.headers["Authorization"] == "Bearer a-voucher"
    evidence = claims_of(evidences[0])
    assert (evidence["purposeId"], evidence["userLocation"]) == (PURPOSE_ID, "recapito-test")
    assert {"userID", "LoA", "dnonce", "jti", "exp"} <= evidence.keys()
    digest = f"SHA-256={base64.b64encode(hashlib.sha256(content).digest()).decode()}"
    signature = claims_of(request.headers["Agid-JWT-Signature"])
    assert request.headers["Digest"] == digest
    assert signature["signed_headers"] == [{"digest": digest}, {"content-type": "application/json"}]
    asked = json.loads(content)
    assert asked["criteriRicerca"] == {"codiceFiscale": CITIZEN}
    assert asked["datiRichiesta"]["casoUso"] == "C019"
    assert asked["datiRichiesta"]["dataRiferimentoRichiesta"] == "2026-11-23"


@pytest.mark.parametrize(
    ("answer", "status", "standing"),
    [
        (about("N"), 200, "DEAD"),
        (about("A"), 200, "UNKNOWN"),
        (about(None), 200, "UNKNOWN"),
        ({"listaErrori": []}, 404, "UNKNOWN"),
    ],
)
async def test_a_death_is_what_the_register_says(
    upstream: Upstream, guard: Guard, answer: Any, status: int, standing: str
) -> None:
    """Nothing else counts as one."""
    register = client_of(upstream, guard, Anpr(answer, status))

    assert await register.standing(CITIZEN) == standing


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (about("N", "VRDLCU85M41F205J"), 200),
        ({"listaSoggetti": {"datiSoggetto": []}}, 200),
        ([], 200),
        (about("N"), 401),
        (about("N"), 500),
    ],
)
async def test_an_answer_of_another_form_is_none(
    upstream: Upstream, guard: Guard, answer: Any, status: int
) -> None:
    """An answer about another fiscal code tells nothing of this one."""
    register = client_of(upstream, guard, Anpr(answer, status))

    with pytest.raises(UnavailableError) as caught:
        await register.standing(CITIZEN)
    assert CITIZEN not in str(caught.value)


async def test_the_script_knows_the_dead_by_their_codes() -> None:
    """A user of the sandbox sees each answer."""
    register = ScriptedResidents()

    codes = (CITIZEN, script.DEAD, script.UNKNOWN)
    assert [await register.standing(one) for one in codes] == ["ALIVE", "DEAD", "UNKNOWN"]
    with pytest.raises(UnavailableError):
        await register.standing(script.SILENT)
