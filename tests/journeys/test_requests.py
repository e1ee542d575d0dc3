"""Requests of every form, over HTTP, on two workers: keys, bodies, headers and paths."""

import asyncio
import fcntl
import http.client
import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from infra.local.http.host import MAX_BODY_BYTES
from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SENDER_KEY
from tests.builders.messages import a_message
from tests.journeys.inbox import ids, listed
from tests.journeys.support import CUSTOM_HEADERS, INBOX, SUBMIT, Journeys

MIB = 1024 * 1024


def peak_memory(pid: int) -> int:
    """Return the largest number of bytes that the process ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@contextmanager
def only(journeys: Journeys, worker: int) -> Iterator[None]:
    """Leave one worker running, and stop the others while they hold no lock of a file."""
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


def test_a_replay_is_known_to_the_other_worker(journeys: Journeys) -> None:
    """Each worker answers once, alone; another body with the same key is a 422."""
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
    """All get 201 and one id; the inbox has one message, and one push goes out."""
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
def test_a_malformed_body_is_refused(
    journeys: Journeys, body: bytes, content_type: str, status: int, title: str
) -> None:
    """The answer is a problem that says what is wrong, and the connection still serves."""
    refused = journeys.as_sender("POST", SUBMIT, data=body, headers={"Content-Type": content_type})

    assert (refused.status_code, refused.json()["title"]) == (status, title)
    assert refused.json()["status"] == status
    journeys.submit()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_refused_within_bounds(
    journeys: Journeys, chunked: bool
) -> None:
    """The host answers 413, as Azure's front end does, and does not read an announced body."""
    peaks = {pid: peak_memory(pid) for pid in journeys.host.workers}
    connection = http.client.HTTPConnection("127.0.0.1", journeys.host.port, timeout=60)
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
    """The client does not announce the length of the body."""
    text = json.dumps(a_message()).encode()

    answer = journeys.as_sender(
        "POST",
        SUBMIT,
        data=iter([text[:10], text[10:200], text[200:]]),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )

    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert answer.status_code == 201, answer.text


def test_percent_encoded_path_parameters_are_decoded(journeys: Journeys) -> None:
    """Fiscal codes and ids may be encoded; other encoded values are refused, without a fault."""
    id_ = journeys.deliver()
    coded = "".join(f"%{byte:02x}" for byte in CITIZEN.encode())

    found = http.client.HTTPConnection("127.0.0.1", journeys.host.port, timeout=60)
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
    """A header that the app reads has octets that are no UTF-8."""
    answer = journeys.as_sender("POST", SUBMIT, json=a_message(), headers={name: b"\xff\xfe"})

    assert answer.status_code == status


def test_a_token_that_is_no_text_is_refused(journeys: Journeys) -> None:
    """The answer is 401, as for any other wrong token."""
    answer = journeys.call("GET", INBOX, headers={"Authorization": b"Bearer \xff.\xfe.x"})

    assert answer.status_code == 401


def test_every_answer_has_the_headers_of_host_json(journeys: Journeys) -> None:
    """Answers, refusals, unknown paths and the host's own 404 have these headers."""
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


def test_time_can_be_moved_on(journeys: Journeys) -> None:
    """After two hours a token has expired, and a new message has the moved time."""
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
