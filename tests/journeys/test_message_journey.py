"""A message's way from a PA to a citizen, over HTTP, on the host with two workers."""

import asyncio
import fcntl
import http.client
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from infra.local.http.host import MAX_BODY_BYTES
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, OPERATOR_KEY, SENDER_KEY
from lib.rendering.email.links import UNSUBSCRIBE_PATH
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.host.host_process import ROOT, wait_for
from tests.journeys.support import INBOX, SUBMIT, Journeys, assert_private

CUSTOM_HEADERS = json.loads((ROOT / "host.json").read_text())["extensions"]["http"]["customHeaders"]
MIB = 1024 * 1024


def listed(journeys: Journeys, token: str, **query: object) -> dict[str, Any]:
    """Return a page of the inbox."""
    answer = journeys.as_citizen("GET", token=token, params={k: str(v) for k, v in query.items()})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def ids(page: dict[str, Any]) -> list[str]:
    """Return the ids of a page."""
    return [item["id"] for item in page["items"]]


def peak_memory(pid: int) -> int:
    """Return the most bytes that the process ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@contextmanager
def only(journeys: Journeys, worker: int) -> Iterator[None]:
    """Leave one worker awake; the others sleep without a lock that it would wait for."""
    others = [pid for pid in journeys.host.workers if pid != worker]
    try:
        with ExitStack() as locks:
            for path in journeys.host.folder.glob("*.db.lock"):
                fcntl.flock(locks.enter_context(path.open("rb")), fcntl.LOCK_EX)
            for pid in others:
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("in_path", [False, True])
def test_a_sender_follows_its_message_to_the_inbox(journeys: Journeys, in_path: bool) -> None:
    """Both forms: 201 and Location; ACCEPTED becomes PROCESSED; then the content is shown."""
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
    """ACCEPTED, seen by a sender that asks in time, has its content; it ends as PROCESSED."""
    accepted = 0
    for _ in range(20):
        id_ = journeys.submit()
        seen = journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{id_}").json()
        if seen["status"] == "ACCEPTED":
            accepted += 1
            assert seen["message"]["content"] == a_message()["content"]
        assert journeys.settled(id_)["status"] == "PROCESSED"
        if accepted == 2:
            return
    pytest.fail("ACCEPTED was never seen")


def test_a_citizen_lists_opens_reads_and_archives(journeys: Journeys) -> None:
    """Plain and enriched; opening is not reading; the archive is a list of its own."""
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
    """`next` leads to older pages and ends, `prev` to what came since; none is left out."""
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
    """With sender and subject, for a citizen who chose that; to a pseudonym."""
    citizen = journeys.new_citizen()
    id_ = journeys.deliver(fiscal_code=citizen, content={"subject": "Un avviso soltanto"})

    push = journeys.push(id_)

    assert (push["title"], push["body"]) == ("Comune di Esempio", "Un avviso soltanto")
    assert push["message_id"] == id_
    assert citizen not in json.dumps(push)
    journeys.push(journeys.deliver(fiscal_code=citizen))
    assert journeys.pushes(id_) == [push]


def test_a_message_that_must_stay_secret_sends_an_anonymous_push(journeys: Journeys) -> None:
    """Neither sender nor subject, whatever the citizen chose."""
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
    """Where it is rejected: nothing in the inbox, no push; its sender reads it all the same."""
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
        # the other tests write to CITIZEN more often than one service may push in a day
        if fiscal_code != CITIZEN:
            journeys.push(id_)
    else:
        journeys.push(journeys.deliver(fiscal_code=journeys.new_citizen()))
        assert journeys.pushes(id_) == []


def test_a_limited_key_reaches_its_own_recipient_alone(journeys: Journeys) -> None:
    """One citizen, no other; and each sender sees its own messages only."""
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
    """Opened or changed by somebody else it is not there."""
    id_ = journeys.deliver()
    token = journeys.token(OTHER_CITIZEN)
    change = {"change_type": "archiving", "is_archived": True}

    assert journeys.as_citizen("GET", f"{INBOX}/{id_}", token=token).status_code == 404
    assert (
        journeys.as_citizen("PUT", f"{INBOX}/{id_}/status", token=token, json=change).status_code
        == 404
    )


def test_a_replay_is_known_to_the_other_worker(journeys: Journeys) -> None:
    """Each worker answers once, the other one asleep; another body under the key is a 422."""
    first, second = journeys.host.kind(background=False)
    headers = {"Idempotency-Key": "across-workers", "Connection": "close"}
    journeys.session.close()

    with only(journeys, first):
        original = journeys.as_sender("POST", SUBMIT, json=a_message(), headers=headers)
    with only(journeys, second):
        replay = journeys.as_sender("POST", SUBMIT, json=a_message(), headers=headers)
        other = journeys.as_sender(
            "POST", SUBMIT, json=a_message(time_to_live=7200), headers=headers
        )

    assert (original.status_code, replay.status_code, other.status_code) == (201, 201, 422)
    assert original.json() == replay.json()
    assert "idempotent-replay" not in original.headers
    assert replay.headers["idempotent-replay"] == "true"
    assert original.headers["location"] == replay.headers["location"]


async def test_200_requests_at_once_with_one_key_are_one_message(journeys: Journeys) -> None:
    """All get 201 and one id; one message is in the inbox, one push is sent."""
    citizen = journeys.new_citizen()
    body = a_message(fiscal_code=citizen, content={"subject": "Una volta sola"})
    headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY, "Idempotency-Key": "two-hundred"}

    async with aiohttp.ClientSession(
        journeys.base, headers=headers, connector=aiohttp.TCPConnector(limit=0)
    ) as session:

        async def submit() -> tuple[str, bool]:
            async with session.post(SUBMIT, json=body) as answer:
                content = await answer.read()
                journeys.session.declared.check(
                    "POST", SUBMIT, answer.status, answer.headers.get("content-type"), content
                )
                assert answer.status == 201, content
                return json.loads(content)["id"], "idempotent-replay" in answer.headers

        answers = await asyncio.gather(*(submit() for _ in range(200)))

    (id_,) = {id_ for id_, _ in answers}
    assert sum(not replayed for _, replayed in answers) == 1
    journeys.settled(id_, citizen)
    journeys.push(id_)
    journeys.push(journeys.deliver(fiscal_code=citizen))
    assert len(journeys.pushes(id_)) == 1
    assert len(ids(listed(journeys, journeys.token(citizen)))) == 2


@pytest.mark.parametrize(
    ("body", "content_type", "status", "title"),
    [
        (b"{", "application/json", 400, "Malformed JSON"),
        (b"", "application/json", 400, "Malformed JSON"),
        (b"\xff\xfe", "application/json", 400, "Malformed JSON"),
        (b"[" * 100_000, "application/json", 400, "Malformed JSON"),
        (b"[]", "application/json", 400, "Invalid message structure"),
        (b"{}", "text/plain", 400, "Invalid message structure"),
        (b"a=b", "application/x-www-form-urlencoded", 400, "Malformed JSON"),
        (b" " * (10 * MIB), "application/json", 413, "Payload too large"),
    ],
    ids=["cut", "empty", "no-utf8", "deep", "no-object", "text", "form", "10MB"],
)
def test_a_body_that_is_none_is_refused(
    journeys: Journeys, body: bytes, content_type: str, status: int, title: str
) -> None:
    """With a problem that says so, and the connection still serves."""
    refused = journeys.as_sender("POST", SUBMIT, data=body, headers={"Content-Type": content_type})

    assert (refused.status_code, refused.json()["title"]) == (status, title)
    assert refused.json()["status"] == status
    journeys.submit()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_101_mib_is_refused_within_bounds(journeys: Journeys, chunked: bool) -> None:
    """413 from the host, as by Azure's front end; announced, it is not even read."""
    peaks = {pid: peak_memory(pid) for pid in journeys.host.workers}
    connection = http.client.HTTPConnection("127.0.0.1", journeys.host.port, timeout=30)
    connection.putrequest("POST", SUBMIT)
    connection.putheader("Ocp-Apim-Subscription-Key", SENDER_KEY)
    connection.putheader("Content-Type", "application/json")
    size = MAX_BODY_BYTES + MIB
    connection.putheader(
        *(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(size)))
    )
    connection.endheaders()
    piece = b" " * MIB
    framed = b"%x\r\n%b\r\n" % (MIB, piece)
    try:
        if chunked:
            for _ in range(size // MIB):
                connection.send(framed)
        else:
            connection.send(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused before all of it was sent
    answer = connection.getresponse()
    assert answer.status == 413
    assert {name: answer.headers[name] for name in CUSTOM_HEADERS} == CUSTOM_HEADERS
    connection.close()

    grown = {pid: peak_memory(pid) - before for pid, before in peaks.items()}
    assert max(grown.values()) < (2.5 * MAX_BODY_BYTES if chunked else 16 * MIB), grown
    journeys.submit()


def test_a_chunked_request_is_taken(journeys: Journeys) -> None:
    """Its length not told beforehand."""
    text = json.dumps(a_message()).encode()

    answer = journeys.as_sender(
        "POST",
        SUBMIT,
        data=iter([text[:10], text[10:200], text[200:]]),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )

    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert answer.status_code == 201, answer.text


def test_every_answer_has_the_headers_of_host_json(journeys: Journeys) -> None:
    """Answers, refusals, what no route knows, and the host's own 404 alike."""
    token = journeys.token()
    unknown = "0" * 26
    answers = {
        journeys.call("GET", "/openapi.json"): 200,
        journeys.as_sender("POST", SUBMIT, json=a_message()): 201,
        journeys.as_sender("POST", SUBMIT, data=b"{"): 400,
        journeys.call("POST", SUBMIT): 401,
        journeys.as_sender("POST", SUBMIT, key="wrong"): 401,
        journeys.call("GET", INBOX): 401,
        journeys.as_sender("POST", SUBMIT, key=OPERATOR_KEY): 403,
        journeys.as_citizen("GET", token=token): 200,
        journeys.as_citizen("GET", f"{INBOX}/{unknown}", token=token): 404,
        journeys.call("GET", "/nowhere"): 404,
        journeys.call("DELETE", SUBMIT): 405,
    }

    for answer, status in answers.items():
        assert answer.status_code == status, answer.url
        assert {name: answer.headers.get(name) for name in CUSTOM_HEADERS} == CUSTOM_HEADERS


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE"])
def test_a_wrong_method_is_405_with_the_right_ones(journeys: Journeys, method: str) -> None:
    """At once, and the connection still serves."""
    for path, right in ((SUBMIT, {"POST"}), (INBOX, {"GET", "HEAD"})):
        answer = journeys.call(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {*right, "OPTIONS"}
        assert answer.json()["status"] == answer.json()["statusCode"] == 405
    journeys.token()


def test_head_is_get_without_its_body(journeys: Journeys) -> None:
    """Mail programs and monitors ask so, of pages that links in e-mails open among others."""
    # an inbox that nothing comes to between the two calls
    token = journeys.token("INBOFF00A00A000A")
    for path, status in (("/openapi.json", 200), (INBOX, 200), (f"{UNSUBSCRIBE_PATH}/none", 404)):
        got = journeys.as_citizen("GET", path, token=token)
        head = journeys.as_citizen("HEAD", path, token=token)
        assert (head.status_code, head.content) == (got.status_code, b"") == (status, b"")
        for name in ("content-type", "content-length"):
            assert head.headers[name] == got.headers[name]


def test_a_web_page_may_ask_and_then_call(journeys: Journeys) -> None:
    """The browser's question needs no key; the answer admits everybody, without credentials."""
    page = {"Origin": "https://ente.example", "Access-Control-Request-Method": "POST"}
    asked = journeys.call("OPTIONS", SUBMIT, headers=page)
    assert (asked.status_code, asked.content) == (204, b"")
    assert "POST" in asked.headers["access-control-allow-methods"]
    called = journeys.as_sender("POST", SUBMIT, json=a_message(), headers=page)
    for answer in (asked, called):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/api", "/api/v1", "/api/v2/messages", "/messages", "//"])
def test_an_unknown_path_is_a_problem_in_both_forms(journeys: Journeys, path: str) -> None:
    """The gateway's members and a problem's."""
    answer = journeys.call("GET", path)

    assert answer.status_code == 404
    assert answer.json()["statusCode"] == answer.json()["status"] == 404
    assert answer.json()["message"] == answer.json()["detail"] == "Resource not found"


def test_percent_encoded_path_parameters_are_decoded(journeys: Journeys) -> None:
    """A fiscal code and an id may come encoded; what is none is refused, never a fault."""
    id_ = journeys.deliver()
    coded = "".join(f"%{byte:02x}" for byte in CITIZEN.encode())

    found = http.client.HTTPConnection("127.0.0.1", journeys.host.port, timeout=10)
    statuses = {}
    for path in (
        f"{coded}/{id_}",
        f"{coded}/%30{id_[1:]}",
        f"{CITIZEN}/a%2Fb",
        f"{CITIZEN}/%00",
        f"{CITIZEN}/%FF%FE",
        f"{CITIZEN}/{'x' * 3000}",
        f"a%20b/{id_}",
    ):
        found.request("GET", f"{SUBMIT}/{path}", headers={"Ocp-Apim-Subscription-Key": SENDER_KEY})
        answer = found.getresponse()
        body = answer.read()
        content_type = answer.headers["content-type"]
        declared = journeys.session.declared
        declared.check("GET", f"{SUBMIT}/{path}", answer.status, content_type, body)
        statuses[path[:60]] = answer.status
    found.close()

    assert list(statuses.values()) == [200, 200, 404, 404, 404, 404, 400], statuses


@pytest.mark.parametrize(
    ("name", "status"),
    [("Ocp-Apim-Subscription-Key", 401), ("Idempotency-Key", 400), ("X-Forwarded-For", 201)],
)
def test_a_header_that_is_no_text_is_no_fault(journeys: Journeys, name: str, status: int) -> None:
    """Octets that are no UTF-8, in a header that we read."""
    answer = journeys.as_sender("POST", SUBMIT, json=a_message(), headers={name: b"\xff\xfe"})

    assert answer.status_code == status


def test_a_token_that_is_no_text_is_refused(journeys: Journeys) -> None:
    """401, as any token that is none."""
    answer = journeys.call("GET", INBOX, headers={"Authorization": b"Bearer \xff.\xfe.x"})

    assert answer.status_code == 401


def test_time_can_be_moved_on(journeys: Journeys) -> None:
    """A token ends with its hour; a message carries the moved time."""
    token = journeys.token()
    before = datetime.fromisoformat(journeys.call("GET", "/sandbox/clock").json()["now"])
    assert journeys.as_citizen("GET", token=token).status_code == 200

    journeys.call("POST", "/sandbox/clock", json={"advance": "PT2H"})

    expired = journeys.as_citizen("GET", token=token)
    assert expired.status_code == 401
    assert 'error="invalid_token"' in expired.headers["www-authenticate"]
    seen = journeys.settled(journeys.deliver())
    created = datetime.fromisoformat(seen["message"]["created_at"])
    assert timedelta(hours=2) <= created - before < timedelta(hours=2, minutes=2)
    assert created - datetime.now(UTC) > timedelta(hours=1, minutes=50)
    assert journeys.as_citizen("GET", token=journeys.token()).status_code == 200


def test_nothing_printed_or_named_tells_who_was_written_to(journeys: Journeys) -> None:
    """After messages to citizens and refusals that quote one; at the module's end once more."""
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
