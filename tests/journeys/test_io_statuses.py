"""IO's own client reads messages in every status that a message can have."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY, SLOW_KEY
from tests.builders.messages import a_message
from tests.builders.payments import payable
from tests.host.host_process import ROOT, wait_for
from tests.journeys.answers.checks import HELD, POLICY
from tests.journeys.answers.paths import DEAD_LETTERS
from tests.journeys.sdk.client import Client, needs_node
from tests.journeys.support import SUBMIT, Journeys
from tests.journeys.unreadable import make_unreadable

pytestmark = needs_node

FAIL_SECONDS = 200
"""Five attempts, a second apart, and then the dead letter; a busy machine needs longer."""
SUBMISSION = "submitMessageforUserWithFiscalCodeInBody"


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the app in which a failed item comes back after one second, not ten."""
    folder = tmp_path_factory.mktemp("app")
    shutil.copy(ROOT / "function_app.py", folder)
    options = json.loads((ROOT / "host.json").read_text())
    options["extensions"]["queues"]["visibilityTimeout"] = "00:00:01"
    (folder / "host.json").write_text(json.dumps(options))
    return folder


@pytest.fixture(scope="module")
def client(journeys: Journeys) -> Iterator[Client]:
    """IO's client, pointed at the host."""
    with Client(journeys.base) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def failing(journeys: Journeys) -> tuple[str, str]:
    """Return recipient and id of a message whose attempts begin before the module's tests."""
    citizen = journeys.new_citizen()
    asyncio.run(make_unreadable(journeys, citizen))
    return citizen, journeys.submit(fiscal_code=citizen)


def _read(client: Client, citizen: str, id_: str) -> dict[str, Any]:
    """Read the message with the client; fail unless it decodes with its content."""
    seen = client("getMessage", fiscal_code=citizen, id=id_)
    assert seen.get("value"), seen
    assert seen["value"]["message"]["content"].items() >= a_message()["content"].items()
    assert seen["value"]["message"]["fiscal_code"] == citizen
    value: dict[str, Any] = seen["value"]
    return value


def test_it_reads_an_accepted_message(client: Client) -> None:
    """Between the answer 201 and the fan-out, a message is ACCEPTED and has its content."""
    for _ in range(30):
        created = client(SUBMISSION, message=a_message())
        if _read(client, CITIZEN, created["value"]["id"])["status"] == "ACCEPTED":
            return
    pytest.fail("ACCEPTED was never seen")


@pytest.mark.parametrize(
    ("citizen", "allowed"),
    [
        ("NOPROF00A00A000A", None),
        ("INBOFF00A00A000A", None),
        ("BLOCKD00A00A000A", False),
        ("MANUAL00A00A000A", False),
    ],
)
def test_it_reads_a_rejected_message(
    journeys: Journeys, client: Client, citizen: str, allowed: bool | None
) -> None:
    """A sender that sends all the same, or does not ask before, reads REJECTED.

    Without a profile, with the inbox off, with the service blocked, and in manual mode without a
    choice. As IO does, the first two are answered alike before the message is sent.
    """
    asked = client("getProfile", fiscal_code=citizen)
    assert asked["status"] == (404 if allowed is None else 200)
    assert asked["value"].get("sender_allowed") is allowed

    created = client(SUBMISSION, message=a_message(fiscal_code=citizen))

    assert created["status"] == 201
    id_ = created["value"]["id"]
    journeys.settled(id_, citizen)
    seen = _read(client, citizen, id_)
    # IO never says why
    assert seen.keys() == {"message", "status"}
    assert seen["status"] == "REJECTED"


def test_it_reads_a_message_that_is_ours_alone_in_words_of_io(
    journeys: Journeys, client: Client
) -> None:
    """IO has no message that is held, or withdrawn: the client reads a status that it knows."""
    withdrawn = journeys.deliver()
    path = f"{SUBMIT}/{CITIZEN}/{withdrawn}/withdrawal"
    assert journeys.as_sender("POST", path, json={"reason": "Per errore."}).ok
    held = _hold(journeys)

    statuses = {_read(client, CITIZEN, id_)["status"] for id_ in (withdrawn, held)}

    assert statuses <= {"ACCEPTED", "PROCESSED", "REJECTED"}


def _hold(journeys: Journeys) -> str:
    """Submit the second message for a payment, which the service wants to be held."""
    content = payable()
    journeys.deliver(content=content)

    def change(policy: str) -> None:
        answer = journeys.as_sender("PUT", POLICY, key=MANAGE_KEY, json={"policy": policy})
        assert answer.ok, answer.text

    change("HOLD")
    try:
        # no worker has cached the policy for a key that was not used before
        id_ = journeys.submit(key=SLOW_KEY, content=content)
    finally:
        change("ACCEPT")
    wait_for(lambda: id_ in journeys.as_sender("GET", HELD).text)
    return id_


def test_it_reads_a_failed_message(
    journeys: Journeys, client: Client, failing: tuple[str, str]
) -> None:
    """A message that no attempt could process is FAILED; the operator has its dead letter."""
    citizen, id_ = failing

    wait_for(lambda: _read(client, citizen, id_)["status"] != "ACCEPTED", FAIL_SECONDS)

    assert _read(client, citizen, id_)["status"] == "FAILED"
    letters = journeys.as_sender("GET", f"{DEAD_LETTERS}/message-submitted", key=OPERATOR_KEY)
    # the emulators' queues are those of all modules, so another module's item may end here too
    assert letters.json()["items"]
    assert all(letter["reason"] for letter in letters.json()["items"])
