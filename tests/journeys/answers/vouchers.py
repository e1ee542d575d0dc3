"""The answers about clients of PDND and about evidence."""

from typing import Any

from infra.local.sandbox.authority import ASSERTION_TYPE, CLIENT_ID, PURPOSE_ID
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, MANAGE_KEY, SENDER_KEY, SERVICE_ID
from infra.local.sandbox.voucher_client import VoucherClient
from tests.builders.messages import a_message
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.support import SUBMIT, Journeys

SERVICES = "/api/v1/manage/services"
EVIDENCE = "/api/v1/evidence"
SECOND_PURPOSE = "5a4d0000-9a00-4000-8000-00000000000a"
THIRD_PURPOSE = "5a4d0000-9a00-4000-8000-00000000000b"


def client_of(journeys: Journeys) -> VoucherClient:
    """Return the sandbox's client, which signs as a real one."""
    return VoucherClient(journeys.host.folder)


def voucher(
    journeys: Journeys,
    purpose_id: str = PURPOSE_ID,
    *,
    proof: str | None = None,
    digest: dict[str, str] | None = None,
) -> str:
    """Ask the sandbox's authority for a voucher; with a proof it is bound to the proof's key."""
    claims = {"digest": digest} if digest else {}
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_of(journeys).assertion(purpose_id, **claims),
    }
    headers = {} if proof is None else {"DPoP": proof}
    answer = journeys.call("POST", "/sandbox/authority/token", data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == ("Bearer" if proof is None else "DPoP")
    return str(answer.json()["access_token"])


def vouchers(journeys: Journeys) -> None:
    """Meet every answer about clients and evidence."""
    of_one = f"{SERVICES}/{SERVICE_ID}/voucher-clients"
    client = f"{of_one}/{CLIENT_ID}/purposes/{SECOND_PURPOSE}"
    body = {"voucher": voucher(journeys, SECOND_PURPOSE)}
    _clients(journeys, of_one, client, body)
    _evidence(journeys)


def _clients(journeys: Journeys, of_one: str, client: str, body: dict[str, Any]) -> None:
    for method, path, sent in (
        ("GET", of_one, None),
        ("PUT", client, body),
        ("DELETE", client, None),
    ):
        assert journeys.call(method, path, json=sent).status_code == 401
        nowhere = path.replace(SERVICE_ID, NOWHERE)
        wrong = f"{path}?x=1" if method == "GET" else path.replace(CLIENT_ID, "x")
        for status, key, place in (
            (403, SENDER_KEY, path),
            (404, MANAGE_KEY, nowhere),
            (400, MANAGE_KEY, wrong),
        ):
            answer = journeys.as_sender(method, place, key=key, json=sent)
            assert answer.status_code == status, f"{method} {place}: {answer.text}"
    for status, data, headers in ((413, b" " * 600_000, {}), (415, b"{}", PACKED)):
        answer = journeys.as_sender("PUT", client, key=MANAGE_KEY, data=data, headers=headers)
        assert answer.status_code == status, answer.text

    linked = journeys.as_sender("PUT", client, key=MANAGE_KEY, json=body)
    assert (linked.status_code, linked.json()["status"]) == (200, "LINKED")
    of_other = journeys.as_sender("POST", SERVICES, key=MANAGE_KEY, json=_service()).json()["id"]
    taken = journeys.as_sender(
        "PUT", client.replace(SERVICE_ID, of_other), key=MANAGE_KEY, json=body
    )
    assert taken.status_code == 409, taken.text
    listed = journeys.as_sender("GET", of_one, key=MANAGE_KEY)
    assert {one["purpose_id"] for one in listed.json()["items"]} >= {PURPOSE_ID, SECOND_PURPOSE}
    assert journeys.as_sender("DELETE", client, key=MANAGE_KEY).status_code == 204
    assert journeys.as_sender("DELETE", f"{SERVICES}/{of_other}", key=MANAGE_KEY).status_code == 204


def _service() -> dict[str, Any]:
    return {
        "name": "Sportello digitale",
        "description": "Avvisi dello sportello digitale.",
        "organization": {"name": "Comune di Esempio", "fiscal_code": "01234567890"},
        "metadata": {
            "scope": "LOCAL",
            "topic_id": 7,
            "privacy_url": "https://www.comune.example.org/privacy",
            "email": "sportello@comune.example.org",
        },
    }


def _evidence(journeys: Journeys) -> None:
    now = journeys.now()
    headers = {
        "Authorization": f"Bearer {voucher(journeys)}",
        "Agid-JWT-TrackingEvidence": client_of(journeys).evidence(now),
    }
    sent = journeys.call("POST", SUBMIT, json=a_message(), headers=headers)
    assert sent.status_code == 201, sent.text
    prefer = {"Prefer": "include=evidence"}
    message = journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{sent.json()['id']}", headers=prefer)
    one = f"{EVIDENCE}/{message.json()['evidence_id']}"
    for status, path, key in (
        (200, one, SENDER_KEY),
        (400, f"{EVIDENCE}/x", SENDER_KEY),
        (401, one, "nobody's"),
        (403, one, MANAGE_KEY),
        (404, one, LIMITED_KEY),
    ):
        answer = journeys.as_sender("GET", path, key=key)
        assert answer.status_code == status, f"{path}: {answer.text}"
