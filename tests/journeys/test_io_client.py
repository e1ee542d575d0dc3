"""IO's own client (npm @pagopa/io-functions-services-sdk) sends to the app and decodes answers."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, OPERATOR_KEY, SENDER_KEY
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.host.host_process import ROOT
from tests.journeys.support import SUBMIT, Journeys

SCRIPT = Path(__file__).with_name("io_client.cjs")
SDK = ROOT / "infra/local/node_modules/@pagopa/io-functions-services-sdk"
NODE = shutil.which("node")
CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}

pytestmark = pytest.mark.skipif(
    not CI and (NODE is None or not SDK.exists()),
    reason="no Node here" if NODE is None else "IO's client is not installed: make test does that",
)


class Client:
    """The client in a Node process for each list of calls."""

    def __init__(self, base: str) -> None:
        self._base = base

    def __call__(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make one call; return status, value and Location, or what could not be decoded."""
        (outcome,) = self.all((operation, {"SubscriptionKey": SENDER_KEY, **parameters}))
        return outcome

    def all(self, *calls: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """Make calls one after the other."""
        assert NODE is not None, "CI must have Node"
        ran = subprocess.run(
            [NODE, str(SCRIPT), self._base],
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert ran.returncode == 0, ran.stderr
        outcomes: list[dict[str, Any]] = json.loads(ran.stdout)
        return outcomes


@pytest.fixture(scope="module")
def client(journeys: Journeys) -> Client:
    """IO's client, pointed at the host."""
    return Client(journeys.base)


@pytest.mark.parametrize("in_path", [False, True])
def test_it_submits_a_message_and_sees_it_processed(
    journeys: Journeys, client: Client, in_path: bool
) -> None:
    """Both operations work, and the decoded content has IO's defaults."""
    message = a_message(
        content={"due_date": "2027-06-30T21:59:59.000Z", "payment_data": a_payment()}
    )
    operation = "submitMessageforUserWithFiscalCodeInBody"
    named = {}
    if in_path:
        operation, named = "submitMessageforUser", {"fiscal_code": message.pop("fiscal_code")}

    created = client(operation, message=message, **named)

    assert created["status"] == 201, created
    location = created["location"]
    assert location.startswith(f"{SUBMIT}/{CITIZEN}/")
    id_ = location.rpartition("/")[2]
    journeys.settled(id_)
    seen = client("getMessage", fiscal_code=CITIZEN, id=id_)
    assert seen["status"] == 200, seen
    assert seen["value"]["status"] == "PROCESSED"
    decoded = seen["value"]["message"]
    assert (decoded["id"], decoded["fiscal_code"]) == (id_, CITIZEN)
    assert decoded["feature_level_type"] == "STANDARD"
    assert decoded["time_to_live"] == 3600
    assert decoded["content"] == {
        **message["content"],
        "payment_data": a_payment(
            invalid_after_due_date=False, payee={"fiscal_code": "01234567890"}
        ),
    }


def test_it_asks_who_can_be_reached_before_it_sends(client: Client) -> None:
    """Both forms of the question work for reachable, unreachable and unknown citizens."""
    citizens = (CITIZEN, "BLOCKD00A00A000A", "NOPROF00A00A000A", "INBOFF00A00A000A")
    keyed = {"SubscriptionKey": SENDER_KEY}

    posted = client.all(
        *(("getProfileByPOST", {**keyed, "payload": {"fiscal_code": one}}) for one in citizens)
    )
    read = client.all(*(("getProfile", {**keyed, "fiscal_code": one}) for one in citizens))

    for answers in (posted, read):
        assert [answer.get("status") for answer in answers] == [200, 200, 404, 404], answers
        assert [one["value"]["sender_allowed"] for one in answers[:2]] == [True, False]
        assert {one["value"]["title"] for one in answers[2:]} == {"Profile not found"}


CONTENTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "secure": {"require_secure_channels": True},
    "payee": {"payment_data": a_payment(payee={"fiscal_code": "09876543210"})},
    "covid": {"eu_covid_cert": {"auth_code": "abc"}},
    "prescription": {"prescription_data": {"nre": "0" * 15, "iup": "1"}},
    "legal": {
        "legal_data": {
            "sender_mail_from": "a@pec.example",
            "message_unique_id": "x",
            "has_attachment": False,
        }
    },
}


def test_it_decodes_every_kind_of_content(journeys: Journeys, client: Client) -> None:
    """IO's client can read the answer for each valid content."""
    ids = {
        kind: journeys.deliver(content=content, feature_level_type="ADVANCED")
        for kind, content in CONTENTS.items()
    }

    answers = client.all(
        *(
            ("getMessage", {"SubscriptionKey": SENDER_KEY, "fiscal_code": CITIZEN, "id": id_})
            for id_ in ids.values()
        )
    )

    for kind, answer in zip(ids, answers, strict=True):
        assert answer.get("status") == 200, (kind, answer)
        assert answer["value"]["read_status"] == "UNREAD"
        assert answer["value"]["message"]["feature_level_type"] == "ADVANCED"
        sent = CONTENTS[kind]
        decoded = answer["value"]["message"]["content"]
        assert sent.keys() <= decoded.keys(), (kind, decoded)


@pytest.mark.parametrize("fiscal_code", ["INBOFF00A00A000A", "NOPROF00A00A000A"])
def test_it_decodes_a_rejected_message(
    journeys: Journeys, client: Client, fiscal_code: str
) -> None:
    """The client needs a content in each status, which IO itself leaves out here."""
    id_ = journeys.submit(fiscal_code=fiscal_code)
    answer = journeys.settled(id_, fiscal_code)
    assert answer["status"] == "REJECTED"

    seen = client("getMessage", fiscal_code=fiscal_code, id=id_)

    assert seen["status"] == 200, seen
    assert seen["value"]["status"] == "REJECTED"
    assert seen["value"]["message"]["content"] == a_message()["content"]


def test_it_decodes_every_refusal_it_knows(journeys: Journeys, client: Client) -> None:
    """Each status has a problem where IO's contract has one."""
    operation = "submitMessageforUserWithFiscalCodeInBody"
    keyed = {"SubscriptionKey": SENDER_KEY}
    message = a_message()
    id_ = journeys.deliver()
    known = {"fiscal_code": CITIZEN, "id": id_}

    answers = client.all(
        (operation, {**keyed, "message": {**message, "content": {"subject": "x"}}}),
        (operation, {**keyed, "message": {**message, "fiscal_code": "nobody"}}),
        ("submitMessageforUser", {**keyed, "fiscal_code": CITIZEN, "message": message}),
        (operation, {"SubscriptionKey": "nobody's", "message": message}),
        (operation, {"SubscriptionKey": OPERATOR_KEY, "message": message}),
        ("getMessage", {**keyed, **known, "id": "0" * 26}),
        ("getMessage", {**known, "SubscriptionKey": "nobody's"}),
        ("getMessage", {**known, "SubscriptionKey": LIMITED_KEY}),
    )

    assert [answer.get("status") for answer in answers] == [400, 400, 400, 401, 403, 404, 401, 403]
    for answer in answers:
        if answer["status"] in {400, 404}:
            assert answer["value"]["title"], answer
            assert answer["value"]["status"] == answer["status"]


def test_it_reads_all_our_problems(journeys: Journeys, client: Client) -> None:
    """The client also reads problems that its operations declare without a body."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": "io-client"}
    journeys.as_sender("POST", SUBMIT, json=a_message(), headers=headers)
    problems = {
        answer.status_code: answer.json()
        for answer in (
            journeys.as_sender("POST", SUBMIT, data=b"{", headers=headers),
            journeys.as_sender("POST", SUBMIT, key=OPERATOR_KEY, data=b"{"),
            journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/x"),
            journeys.as_sender("POST", SUBMIT, data=b" " * 300_000, headers=headers),
            journeys.as_sender("POST", SUBMIT, data=b"", headers={"Content-Encoding": "compress"}),
            journeys.as_sender("POST", SUBMIT, json=a_message(time_to_live=7200), headers=headers),
        )
    }
    assert problems.keys() == {400, 403, 404, 413, 415, 422}

    decoded = client.all(
        *(("decode", {"type": "ProblemJson", "value": one}) for one in problems.values())
    )

    for sent, read in zip(problems.values(), decoded, strict=True):
        known = {name: sent[name] for name in ("title", "status", "detail")}
        assert read.get("value") == {"type": "about:blank", **known}, read
