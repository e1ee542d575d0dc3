"""A message's way from a PA to a citizen, over HTTP, on the host with two workers."""

import json
import socket
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, OPERATOR_KEY, SENDER_KEY
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.host.host_process import wait_for
from tests.journeys.inbox import ids, listed
from tests.journeys.support import INBOX, SUBMIT, Journeys, assert_private


@pytest.mark.parametrize("in_path", [False, True])
def test_a_sender_follows_its_message_to_the_inbox(journeys: Journeys, in_path: bool) -> None:
    """The answer is 201 with a Location, where the sender reads status and content."""
    body = a_message(content={"payment_data": a_payment(), "due_date": "2027-06-30T23:59:59+02:00"})
    path = SUBMIT
    if in_path:
        path = f"{SUBMIT}/{body.pop('fiscal_code')}"

    created = journeys.as_sender("POST", path, json=body)

    assert created.status_code == 201
    id_ = created.json()["id"]
    assert created.json() == {"id": id_}
    assert created.headers["location"] == f"{SUBMIT}/{CITIZEN}/{id_}"
    seen = journeys.settled(id_)
    assert seen["status"] == "PROCESSED"
    assert seen["message"]["content"] == {
        **body["content"],
        "due_date": "2027-06-30T21:59:59.000Z",
        "payment_data": a_payment(
            invalid_after_due_date=False, payee={"fiscal_code": "01234567890"}
        ),
    }
    followed = journeys.as_sender("GET", urlsplit(created.headers["location"]).path)
    assert followed.json() == seen
    asked = {"Prefer": "include=history,warnings"}
    history = journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{id_}", headers=asked)
    steps = [step["status"] for step in history.json()["status_history"]]
    assert steps == ["ACCEPTED", "PROCESSED"]
    assert history.headers["preference-applied"] == "include=history"


def test_before_its_processing_a_message_shows_its_content(journeys: Journeys) -> None:
    """An ACCEPTED message shows its content to its sender, and ends as PROCESSED."""
    # the host may process a message before its sender reads it
    for _ in range(100):
        id_ = journeys.submit()
        seen = journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{id_}").json()
        assert journeys.settled(id_)["status"] == "PROCESSED"
        if seen["status"] == "ACCEPTED":
            assert seen["message"]["content"] == a_message()["content"]
            return
    pytest.fail("ACCEPTED was never seen")


def test_a_citizen_lists_opens_reads_and_archives(journeys: Journeys) -> None:
    """Opening a message does not mark it as read, and the archive is a list of its own."""
    token = journeys.token()
    id_ = journeys.deliver(
        content={"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    )
    bounds = {"page_size": 5, "minimum_id": id_[:18] + "0" * 8}

    plain = next(i for i in listed(journeys, token, **bounds)["items"] if i["id"] == id_)
    enriched = next(
        i
        for i in listed(journeys, token, enrich_result_data="true", **bounds)["items"]
        if i["id"] == id_
    )

    required = {"id", "fiscal_code", "created_at", "sender_service_id", "time_to_live"}
    assert required == plain.keys()
    assert plain["fiscal_code"] == CITIZEN
    assert {name: enriched[name] for name in enriched.keys() - required} == {
        "service_name": "Tassa sui rifiuti",
        "organization_name": "Comune di Esempio",
        "organization_fiscal_code": "01234567890",
        "message_title": "Tassa sui rifiuti",
        "is_read": False,
        "is_archived": False,
        "category": {"tag": "PAYMENT", "rptId": "01234567890301000000000000017"},
        "has_attachments": False,
        "has_precondition": False,
        "due_date": "2027-06-30T21:59:59.000Z",
        "amount": 8450,
        "payment_status": "NOT_PAID",
    }

    opened = journeys.as_citizen("GET", f"{INBOX}/{id_}", token=token).json()
    public = journeys.as_citizen(
        "GET", f"{INBOX}/{id_}", token=token, params={"public_message": "true"}
    ).json()
    assert opened.keys() == plain.keys() | {"content"}
    assert public == {**opened, **enriched}
    assert public["is_read"] is False

    status = f"{INBOX}/{id_}/status"
    for change, expected in (
        ({"change_type": "reading", "is_read": True}, (True, False)),
        ({"change_type": "archiving", "is_archived": True}, (True, True)),
        ({"change_type": "bulk", "is_archived": False}, (True, False)),
        ({"change_type": "bulk", "is_archived": True, "is_read": True}, (True, True)),
    ):
        answer = journeys.as_citizen("PUT", status, token=token, json=change)
        assert answer.json() == dict(zip(("is_read", "is_archived"), expected, strict=True))
    assert id_ in ids(listed(journeys, token, archived="true"))
    assert id_ not in ids(listed(journeys, token))
    assert id_ not in ids(listed(journeys, journeys.token(OTHER_CITIZEN), archived="true"))


def test_a_citizen_pages_both_ways(journeys: Journeys) -> None:
    """`next` leads to older pages and ends, `prev` leads to newer messages; none is left out."""
    citizen = journeys.new_citizen()
    token = journeys.token(citizen)
    sent = sorted((journeys.deliver(fiscal_code=citizen) for _ in range(7)), reverse=True)
    floor = ids(listed(journeys, token, minimum_id=sent[-1][:18] + "0" * 8))
    assert floor[-7:] == sent

    page = listed(journeys, token, page_size=3)
    first, seen = page["prev"], ids(page)
    while "next" in page:
        page = listed(journeys, token, page_size=3, maximum_id=page["next"])
        seen += ids(page)
    assert seen == ids(listed(journeys, token))
    assert all(newer > older for newer, older in pairwise(seen))
    assert "prev" not in listed(journeys, token, minimum_id=first)
    newest = journeys.deliver(fiscal_code=citizen)
    assert listed(journeys, token, minimum_id=first, page_size=3) == {
        "items": listed(journeys, token, page_size=1)["items"],
        "prev": newest,
    }


def test_one_push_is_sent(journeys: Journeys) -> None:
    """The push has the sender and the subject, as this citizen chose, and a pseudonym."""
    citizen = journeys.new_citizen()
    id_ = journeys.deliver(fiscal_code=citizen, content={"subject": "Un avviso soltanto"})

    push = journeys.push(id_)

    assert (push["title"], push["body"]) == ("Comune di Esempio", "Un avviso soltanto")
    assert push["message_id"] == id_
    assert citizen not in json.dumps(push)
    journeys.push(journeys.deliver(fiscal_code=citizen))
    assert journeys.pushes(id_) == [push]


def test_a_message_that_must_stay_secret_sends_an_anonymous_push(journeys: Journeys) -> None:
    """The push has neither sender nor subject, whatever the citizen chose."""
    id_ = journeys.deliver(
        fiscal_code=journeys.new_citizen(), content={"require_secure_channels": True}
    )
    push = journeys.push(id_)

    assert (push["title"], push["body"]) == (
        "Hai un nuovo messaggio",
        "Entra nell'app per leggerlo",
    )


@pytest.mark.parametrize(
    ("fiscal_code", "status"),
    [
        (CITIZEN, "PROCESSED"),
        (OTHER_CITIZEN, "PROCESSED"),
        ("NOREMI00A00A000A", "PROCESSED"),
        ("INBOFF00A00A000A", "REJECTED"),
        ("BLOCKD00A00A000A", "REJECTED"),
        ("MANUAL00A00A000A", "REJECTED"),
        ("NOPROF00A00A000A", "REJECTED"),
    ],
)
def test_each_sandbox_citizen_is_what_the_code_says(
    journeys: Journeys, fiscal_code: str, status: str
) -> None:
    """A rejected message is in no inbox and sends no push; its sender can read it."""
    token = journeys.token(fiscal_code)

    id_ = journeys.submit(fiscal_code=fiscal_code)

    seen = journeys.settled(id_, fiscal_code)
    delivered = status == "PROCESSED"
    assert seen["status"] == status
    assert seen["message"]["content"] == a_message()["content"]
    assert (id_ in ids(listed(journeys, token))) is delivered
    opened = journeys.as_citizen("GET", f"{INBOX}/{id_}", token=token)
    assert opened.status_code == (200 if delivered else 404)
    if delivered:
        # tests on this host write to them more often than one service may push in a day
        if fiscal_code not in {CITIZEN, OTHER_CITIZEN}:
            journeys.push(id_)
    else:
        journeys.push(journeys.deliver(fiscal_code=journeys.new_citizen()))
        assert journeys.pushes(id_) == []


def test_a_limited_key_reaches_its_own_recipient_alone(journeys: Journeys) -> None:
    """The key writes to one citizen alone, and a sender sees its own messages alone."""
    id_ = journeys.submit(key=LIMITED_KEY)

    assert journeys.settled(id_, key=LIMITED_KEY)["status"] == "PROCESSED"
    refused = journeys.as_sender(
        "POST", SUBMIT, key=LIMITED_KEY, json=a_message(fiscal_code=OTHER_CITIZEN)
    )
    assert (refused.status_code, refused.json()["title"]) == (403, "Recipient forbidden")
    foreign = journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{id_}")
    assert foreign.status_code == 403
    operator = journeys.as_sender("POST", SUBMIT, key=OPERATOR_KEY, json=a_message())
    assert operator.status_code == 403


def test_one_citizen_never_sees_anothers_message(journeys: Journeys) -> None:
    """Another citizen gets 404 for the message and for a change of its status."""
    id_ = journeys.deliver()
    token = journeys.token(OTHER_CITIZEN)
    change = {"change_type": "archiving", "is_archived": True}

    assert journeys.as_citizen("GET", f"{INBOX}/{id_}", token=token).status_code == 404
    assert (
        journeys.as_citizen("PUT", f"{INBOX}/{id_}/status", token=token, json=change).status_code
        == 404
    )


def test_output_and_file_names_have_no_citizen(journeys: Journeys) -> None:
    """The host prints no fiscal code, neither for messages nor for refusals that have one."""
    for fiscal_code in ("AAAAAA00A00A000A", "INBOFF00A00A000A", "NOPROF00A00A000A"):
        journeys.settled(journeys.submit(fiscal_code=fiscal_code), fiscal_code)
        journeys.as_sender("GET", f"{SUBMIT}/{fiscal_code}/nothing")
        journeys.as_sender("POST", f"{SUBMIT}/{fiscal_code}", data=b"{")
        journeys.call("GET", f"/nowhere/{fiscal_code}", params={"cf": fiscal_code})
        brew = f"BREW /{fiscal_code} HTTP/1.1\r\nHost: {SENDER_KEY}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", journeys.host.port), 5) as malformed:
            malformed.sendall(brew.encode())
            assert malformed.recv(100).startswith(b"HTTP/1.0 400 ")
    wait_for(lambda: " zz_elsewhere " in journeys.host.output)

    assert_private(journeys.host)
