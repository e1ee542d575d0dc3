"""A sender with vouchers of PDND, over HTTP: it asks the authority, and calls as real ones do."""

import hashlib
import json

import pytest

from infra.local.sandbox.authority import CLIENT_ID, PURPOSE_ID
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY
from infra.local.sandbox.voucher_client import digest_of
from tests.builders.messages import a_message
from tests.journeys.answers.vouchers import SERVICES, THIRD_PURPOSE, client_of, voucher
from tests.journeys.support import SUBMIT, Journeys


def test_a_message_goes_out_by_a_voucher_alone(journeys: Journeys) -> None:
    """The sender follows it with the same voucher."""
    bearer = {"Authorization": f"Bearer {voucher(journeys)}"}
    sent = journeys.call("POST", SUBMIT, json=a_message(), headers=bearer)
    assert sent.status_code == 201, sent.text

    assert journeys.settled(sent.json()["id"])["status"] == "PROCESSED"
    read = journeys.call("GET", f"{SUBMIT}/{CITIZEN}/{sent.json()['id']}", headers=bearer)
    assert (read.status_code, read.json()["status"]) == (200, "PROCESSED")


def test_a_bound_voucher_with_all_signatures(journeys: Journeys) -> None:
    """DPoP, the digest, its signature, and evidence whose digest the voucher has."""
    client, now = client_of(journeys), journeys.now()
    proof = client.proof("POST", f"{journeys.base}/sandbox/authority/token", now)
    evidence = client.evidence(now)
    digest = {"alg": "SHA256", "value": hashlib.sha256(evidence.encode()).hexdigest()}
    token = voucher(journeys, proof=proof, digest=digest)
    body = json.dumps(a_message()).encode()
    listed = {"digest": digest_of(body), "content-type": "application/json"}
    headers = {
        "Authorization": f"DPoP {token}",
        "Content-Type": "application/json",
        # as examples of PDND's clients have it
        "Content-Encoding": "UTF-8",
        "Digest": listed["digest"],
        "Agid-JWT-Signature": client.signature(listed, now),
        "Agid-JWT-TrackingEvidence": evidence,
    }

    def call(url: str = f"{journeys.base}{SUBMIT}", content: bytes = body) -> int:
        proof = client.proof("POST", url, journeys.now(), token)
        more = {**headers, "DPoP": proof}
        return journeys.call("POST", SUBMIT, data=content, headers=more).status_code

    assert call() == 201
    assert call(f"{journeys.base}/api/v1/other") == 401
    assert call(content=body + b" ") == 401
    refused = journeys.call("POST", SUBMIT, data=body, headers=headers)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith('DPoP error="invalid_dpop_proof"')


def test_a_client_is_linked_and_removed(journeys: Journeys) -> None:
    """A manager links another purpose; the link of a removed client ends within a minute."""
    services = journeys.as_sender("GET", SERVICES, key=MANAGE_KEY).json()["value"]
    path = f"{SERVICES}/{services[0]['id']}/voucher-clients/{CLIENT_ID}/purposes/{THIRD_PURPOSE}"
    token = voucher(journeys, THIRD_PURPOSE)
    linked = journeys.as_sender("PUT", path, key=MANAGE_KEY, json={"voucher": token})
    assert linked.status_code == 200, linked.text
    assert linked.json()["purpose_id"] == THIRD_PURPOSE

    bearer = {"Authorization": f"Bearer {token}"}
    assert journeys.call("POST", SUBMIT, json=a_message(), headers=bearer).status_code == 201
    assert journeys.as_sender("DELETE", path, key=MANAGE_KEY).status_code == 204


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("grant_type", "password"),
        ("client_assertion_type", "x"),
        ("client_assertion", "a.b.c"),
        ("client_id", PURPOSE_ID),
    ],
)
def test_the_authority_gives_nothing_to_another(
    journeys: Journeys, member: str, wrong: str
) -> None:
    """The sandbox's authority checks the assertion, as PDND does."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": client_of(journeys).assertion(),
        member: wrong,
    }
    answer = journeys.call("POST", "/sandbox/authority/token", data=form)
    assert answer.status_code == 400, answer.text
    keys = journeys.call("GET", "/sandbox/authority/jwks").json()["keys"]
    assert [key.get("d") for key in keys] == [None]
