"""Evidence of the clerk who acts is verified, kept, and read again by the sender alone."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import EvidenceId
from lib.ports.schema.senders import TRACKING_EVIDENCE
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.services import with_groups
from tests.builders.vouchers import CLIENT_ID, OTHER_PURPOSE, PURPOSE_ID, VoucherSender
from tests.functions.identity.test_voucher_signatures import ANOTHER_CLIENT, refused
from tests.stack import Stack
from tests.stored import stored_text

NOBODY = "VRDLGI70A01F205X"
"""A fiscal code without a profile."""


@pytest.fixture
def sender(stack: Stack) -> VoucherSender:
    """Give the sandbox's client."""
    return VoucherSender(stack)


@pytest.mark.parametrize("bound", [True, False])
async def test_evidence_is_kept_with_the_message(
    stack: Stack, sender: VoucherSender, *, bound: bool
) -> None:
    """The sender reads it again; in the store it is encrypted."""
    headers = sender.with_evidence(bound=bound)
    sent = await sender.call("submit_message", a_message(), headers)
    assert sent.status == 201
    path = {"fiscal_code": CITIZEN, "id": sent.body["id"]}
    prefer = {"prefer": "include=evidence"}
    id_ = (await stack.call("read_sent_message", path=path, headers=prefer)).body["evidence_id"]
    assert "evidence_id" not in (await stack.call("read_sent_message", path=path)).body

    kept = await sender.call("read_evidence", b"", path={"evidence_id": id_})

    assert kept.status == 200
    assert kept.body["evidence"] == headers["agid-jwt-trackingevidence"]
    assert kept.body["operation"] == "submit_message"
    assert (kept.body["client_id"], kept.body["purpose_id"]) == (CLIENT_ID, PURPOSE_ID)
    assert kept.headers["Cache-Control"] == "no-store"
    assert kept.body["sha256"] == hashlib.sha256(kept.body["evidence"].encode()).hexdigest()
    stored = await stored_text(stack, TRACKING_EVIDENCE, SERVICE_ID, id_)
    assert kept.body["evidence"].split(".")[1] not in stored


async def test_the_answer_names_the_evidence_of_a_call(sender: VoucherSender) -> None:
    """Also of a call that makes no message that could name it, and of one that is refused late."""
    found = []
    for path in ({"fiscal_code": CITIZEN}, {"fiscal_code": NOBODY}):
        reply = await sender.call("read_recipient", b"", sender.with_evidence(), path=path)
        found.append((reply.status, reply.headers["Recapito-Evidence"]))

    assert [status for status, _ in found] == [200, 404]
    for _, id_ in found:
        kept = await sender.call("read_evidence", b"", path={"evidence_id": id_})
        assert (kept.status, kept.body["operation"]) == (200, "read_recipient")
    plain = await sender.call("read_recipient", b"", path={"fiscal_code": CITIZEN})
    assert "Recapito-Evidence" not in plain.headers


async def test_evidence_is_kept_with_the_message_of_a_notice(
    stack: Stack, sender: VoucherSender
) -> None:
    """As with a message of its own; an amendment leaves the evidence of the first request."""
    first, ids = sender.with_evidence(), set[str]()
    for headers, amount in ((first, 1000), (sender.with_evidence(userID="clerk-8"), 2000)):
        sent = await sender.call("submit_payment_notice", a_notice(amount_cents=amount), headers)
        assert sent.status in {200, 201}, sent
        await stack.drain()
        path = {"fiscal_code": CITIZEN, "id": sent.body["message_id"]}
        prefer = {"prefer": "include=evidence"}
        answer = await stack.call("read_sent_message", path=path, headers=prefer)
        assert answer.body["message"]["content"]["payment_data"]["amount"] == amount
        ids.add(answer.body["evidence_id"])
    (id_,) = ids

    kept = await sender.call("read_evidence", b"", path={"evidence_id": id_})

    assert kept.body["operation"] == "submit_payment_notice"
    assert kept.body["evidence"] == first["agid-jwt-trackingevidence"]


async def test_evidence_is_for_the_one_who_sent_it(stack: Stack, sender: VoucherSender) -> None:
    """Neither another service nor an intermediary of the same service finds it."""
    sent = await sender.call("submit_message", a_message(), sender.with_evidence())
    path = {"fiscal_code": CITIZEN, "id": sent.body["id"]}
    answer = await stack.call(
        "read_sent_message", path=path, headers={"prefer": "include=evidence"}
    )
    id_ = EvidenceId(answer.body["evidence_id"])
    between = await with_groups(stack, Group.MESSAGE_READ, service_id=SERVICE_ID, intermediary="i")
    for key in (LIMITED_KEY, between):
        reply = await stack.call("read_evidence", b"", path={"evidence_id": id_}, key=key)
        assert reply.status == 404
    reply = await stack.call(
        "read_evidence", b"", path={"evidence_id": "01HQRZ6T6G2P1NB3QF0J9S2K4V"}
    )
    assert reply.status == 404


async def test_evidence_that_is_no_text_is_refused(sender: VoucherSender) -> None:
    """The voucher has a digest of evidence, and the header has bytes that are no UTF-8."""
    voucher = sender.voucher(digest={"alg": "SHA256", "value": "a" * 64})

    reply = await sender.call(
        "submit_message",
        a_message(),
        sender.headers(voucher, agid_jwt_trackingevidence="\udce9"),
    )

    refused(reply, "the evidence is malformed", "Agid-JWT-TrackingEvidence")


EVIDENCE: dict[str, tuple[dict[str, Any], str]] = {
    "another purpose": ({"purposeId": OTHER_PURPOSE}, "is for another purpose"),
    "another client": ({"iss": ANOTHER_CLIENT}, "is of another client"),
    "another audience": ({"aud": "https://other.example"}, "is for another audience"),
    "a person that is no text": ({"userID": 7}, "has no userID"),
    "a long place": ({"userLocation": "x" * 513}, "has no userLocation"),
    "no id": ({"jti": ""}, "has no jti"),
    "old": ({"iat": 0, "exp": 60}, "has expired"),
}


@pytest.mark.parametrize("case", EVIDENCE)
async def test_wrong_evidence_is_refused(sender: VoucherSender, case: str) -> None:
    """It is of the linked client, for the voucher's purpose."""
    claims, reason = EVIDENCE[case]
    headers = sender.with_evidence(**claims)

    reply = await sender.call("submit_message", a_message(), headers)

    refused(reply, f"the evidence {reason}", "Agid-JWT-TrackingEvidence")


async def test_a_voucher_with_a_digest_needs_its_evidence(sender: VoucherSender) -> None:
    """Missing and other evidence is refused (AUDIT_REST_02)."""
    headers = sender.with_evidence(bound=True)
    other = sender.client.evidence(sender.stack.clock.now() + timedelta(seconds=1))
    missing = {name: value for name, value in headers.items() if name == "authorization"}
    for given, reason in (
        (missing, "is missing, and the voucher has its digest"),
        ({**headers, "agid-jwt-trackingevidence": other}, "is not that of the voucher's digest"),
    ):
        reply = await sender.call("submit_message", a_message(), given)
        refused(reply, f"the evidence {reason}", "Agid-JWT-TrackingEvidence")
