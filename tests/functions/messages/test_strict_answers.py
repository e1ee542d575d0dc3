"""Answers of IO's operations have IO's members alone, unless the caller asks for ours.

The helper that makes the calls holds every one of them against IO's contract (tests/io_contract).
"""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.declared import ENDPOINTS
from functions.http.contract.policies import Senders
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from tests import io_contract
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.stack import Stack

ODD: dict[str, Any] = {"colour": "red", "content": {"due_dat": "x"}}


def test_every_operation_of_io_is_held_to_its_contract() -> None:
    """A new operation of IO for senders under these paths fails until the contract has it."""
    theirs = [
        endpoint
        for endpoint in ENDPOINTS
        if endpoint.path.startswith(("/api/v1/messages", "/api/v1/profiles"))
        and not endpoint.is_ours
        and isinstance(endpoint.policy, Senders)
    ]

    assert theirs
    assert all(io_contract.is_held_to_io(one.method, one.path) for one in theirs)


@pytest.mark.parametrize(
    "body",
    [b'{"id":"01J0000000000000000000000A","warnings":[]}', b'{"id":"x"}', b'{"id":null}', b"{}"],
)
def test_an_answer_that_is_not_io_s_is_refused(body: bytes) -> None:
    """The contract refuses a further, a wrong and a missing member."""
    with pytest.raises(ValidationError):
        io_contract.check("POST", "/api/v1/messages", 201, body)


async def test_a_201_has_the_id_alone_and_counts_warnings_in_a_header(stack: Stack) -> None:
    """A strict client can read the body, and the header says that there are warnings."""
    reply = await stack.call("submit_message", a_message(**ODD))

    assert (reply.status, reply.body.keys()) == (201, {"id"})
    assert reply.headers["Recapito-Warnings"] == "2"
    assert "Preference-Applied" not in reply.headers


async def test_a_message_without_warnings_has_no_header(stack: Stack) -> None:
    """A message without warnings has no warning header."""
    reply = await stack.call("submit_message", a_message())

    assert "Recapito-Warnings" not in reply.headers


@pytest.mark.parametrize(
    "prefer",
    [
        "include=warnings",
        "include=history,warnings",
        'include="history, warnings"',
        "return=minimal, Include=history, include=warnings; x=1",
        "respond-async, include=history , warnings",
    ],
)
async def test_warnings_are_in_the_body_where_prefer_asks_for_them(
    stack: Stack, prefer: str
) -> None:
    """Each spelling of the preference works, and the answer says that it was applied."""
    reply = await stack.call("submit_message", a_message(**ODD), headers={"Prefer": prefer})

    assert {one["pointer"] for one in reply.body["warnings"]} == {"/colour", "/content/due_dat"}
    assert reply.headers["Recapito-Warnings"] == "2"
    assert reply.headers["Preference-Applied"] == "include=warnings"


async def test_no_warnings_are_an_empty_list_where_they_are_asked_for(stack: Stack) -> None:
    """The list of warnings is there, and empty, where the caller asked for it."""
    reply = await stack.call("submit_message", a_message(), headers={"Prefer": "include=warnings"})

    assert reply.body["warnings"] == []


@pytest.mark.parametrize(
    "prefer",
    ["", "include", "include=", "include=everything", "warnings", "x=1, warnings", '"', ","],
)
async def test_another_preference_changes_nothing(stack: Stack, prefer: str) -> None:
    """An unknown preference is ignored (RFC 7240)."""
    reply = await stack.call("submit_message", a_message(**ODD), headers={"Prefer": prefer})

    assert reply.body.keys() == {"id"}
    assert "Preference-Applied" not in reply.headers


async def test_the_history_is_in_the_body_where_prefer_asks_for_it(stack: Stack) -> None:
    """Without the header the answer has the message and its status alone."""
    id_ = await stack.deliver()
    path = {"fiscal_code": CITIZEN, "id": id_}

    plain = await stack.call("read_sent_message", path=path)
    asked = await stack.call(
        "read_sent_message", path=path, headers={"Prefer": "include=history,warnings"}
    )

    assert plain.body.keys() == {"message", "status"}
    assert [one["status"] for one in asked.body["status_history"]] == ["ACCEPTED", "PROCESSED"]
    assert asked.headers["Preference-Applied"] == "include=history"


@pytest.mark.parametrize("level", ["STANDARD", "ADVANCED"])
async def test_a_message_with_everything_is_read_strictly(stack: Stack, level: str) -> None:
    """A message with all fields comes back with IO's members alone, and so do refusals."""
    content = {
        "due_date": "2027-06-30T21:59:59Z",
        "require_secure_channels": False,
        "payment_data": a_payment(payee={"fiscal_code": "09876543210"}),
        "eu_covid_cert": {"auth_code": "abc"},
        "prescription_data": {"nre": "0" * 15, "iup": "1"},
        "legal_data": {"sender_mail_from": "a@pec.example", "message_unique_id": "x"},
    }
    message = a_message(content=content, feature_level_type=level, reminders={"max": 2})
    id_ = (await stack.call("submit_message", message)).body["id"]
    await stack.drain()
    path = {"fiscal_code": CITIZEN, "id": id_}

    assert (await stack.call("read_sent_message", path=path)).status == 200
    assert (await stack.call("read_sent_message", path=path, key=LIMITED_KEY)).status == 403
    assert (await stack.call("read_sent_message", path=path, key=None)).status == 401
    assert (await stack.call("submit_message", {})).status == 400
