"""Calls are repeated where that is safe, and refusals are typed errors."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clients.python.tests.small_server import CUT, DROP, KEY, Reply, SmallServer

from recapito import (
    Conflict,
    FieldError,
    Forbidden,
    NewMessage,
    NotAuthorized,
    NotFound,
    NotReached,
    RateLimited,
    Recapito,
    RecapitoError,
    Refused,
    RetryPolicy,
    ServerFailed,
)
from recapito.retries import asked_wait
from recapito.transport import Transport

MESSAGE = NewMessage(fiscal_code="RSSMRA80A01H501U", subject="Tassa sui rifiuti", markdown="testo")
ACCEPTED = Reply(201, {"id": "01J0000000000000000000000A", "warnings": []})
BATCH: dict[str, Any] = {
    "id": "01J0000000000000000000000B",
    "name": "TARI",
    "status": "DRAFT",
    "created_at": "2026-11-29T10:00:00Z",
    "changed_at": "2026-11-29T10:00:00Z",
    "lane": "BULK",
    "needs_approval": False,
}


@pytest.mark.parametrize("status", [429, 502, 503, 504, 0])
def test_a_repeat_has_the_same_idempotency_key(server: SmallServer, status: int) -> None:
    """The message is sent once, however often the request goes out."""
    first = Reply(status) if status else Reply(kind=DROP)
    server.replies = [first, first, ACCEPTED]
    with server.client() as client:
        sent = client.messages.send(MESSAGE)

    assert sent.id == "01J0000000000000000000000A"
    keys = [one.headers["idempotency-key"] for one in server.requests]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len({one.body for one in server.requests}) == 1


def test_two_messages_have_two_keys(server: SmallServer) -> None:
    """Two calls are two messages, unless the caller gives the key."""
    server.replies = [ACCEPTED]
    with server.client() as client:
        for key in (None, None, "mine"):
            client.messages.send(MESSAGE, idempotency_key=key)

    keys = [one.headers["idempotency-key"] for one in server.requests]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


def test_the_wait_is_what_the_api_asks_for(server: SmallServer) -> None:
    """Retry-After goes before the client's own wait, and a long one is not waited for."""
    server.replies = [Reply(503, headers={"Retry-After": "1"}), ACCEPTED]
    with server.client() as client:
        client.messages.send(MESSAGE)
        assert [round(seconds, 1) for seconds, _ in server.waits] == [1.0]

        server.replies = [Reply(429, headers={"Retry-After": "3600"})]
        with pytest.raises(RateLimited) as refused:
            client.messages.send(MESSAGE)
    assert refused.value.retry_after == 3600
    assert len(server.requests) == 3


def test_used_up_calls_are_waited_for(server: SmallServer) -> None:
    """Before the next call, the client waits until one is left again."""
    used = {"RateLimit-Limit": "150", "RateLimit-Remaining": "0", "RateLimit-Reset": "1"}
    server.replies = [Reply(201, ACCEPTED.body, used), ACCEPTED]
    with server.client() as client:
        client.messages.send(MESSAGE)
        assert server.waits == []
        client.messages.send(MESSAGE)
    ((seconds, reason),) = server.waits
    assert reason == "limit"
    assert 0.5 < seconds <= 1


def test_an_unsafe_call_is_not_repeated(server: SmallServer) -> None:
    """A POST without a key that may do something twice goes out once."""
    server.replies = [Reply(503)]
    transport = Transport(server.url, KEY, retries=RetryPolicy(first_wait=0.001), timeout=5)
    with pytest.raises(ServerFailed):
        transport.call("POST", "/api/v1/anything", {})
    transport.close()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, NotAuthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (412, Conflict),
        (422, Refused),
        (429, RateLimited),
        (500, ServerFailed),
    ],
)
def test_refusals_are_typed(server: SmallServer, status: int, kind: type[RecapitoError]) -> None:
    """An error has the members of problem+json."""
    problem = {
        "status": status,
        "title": "Invalid",
        "detail": "Something is wrong.",
        "errors": [{"pointer": "/content/subject", "detail": "is too short"}],
    }
    server.replies = [Reply(status, problem)]
    with server.client(attempts=1) as client, pytest.raises(kind) as refused:
        client.messages.send(MESSAGE)
    error = refused.value
    assert type(error) is kind
    assert (error.status, error.title, error.detail) == (status, "Invalid", "Something is wrong.")
    assert error.errors == (FieldError("/content/subject", "is too short"),)
    assert "/content/subject: is too short" in str(error)


def test_a_fault_is_not_repeated(server: SmallServer) -> None:
    """A 500 is no passing state; its page of a proxy is read as well."""
    server.replies = [Reply(500, b"<html>")]
    with server.client() as client, pytest.raises(ServerFailed, match="HTTP 500"):
        client.limits()
    assert len(server.requests) == 1


def test_another_server_is_recognised(server: SmallServer) -> None:
    """An answer that is no JSON is no answer of Recapito."""
    server.replies = [Reply(200, b"<html>welcome</html>")]
    with server.client() as client, pytest.raises(ServerFailed, match="is the address right"):
        client.limits()


def test_a_lost_connection_names_no_citizen(server: SmallServer) -> None:
    """The path of a message has a fiscal code, and errors are logged."""
    server.replies = [Reply(kind=DROP)]
    with server.client() as client, pytest.raises(NotReached) as lost:
        client.messages.read("RSSMRA80A01H501U", "01J0000000000000000000000A")
    assert len(server.requests) == 3
    chain = [lost.value, lost.value.__cause__, lost.value.__context__]
    assert not any("RSSMRA" in repr(one) for one in chain)
    assert "RSSMRA" not in repr(MESSAGE)


def test_a_redirect_does_not_get_the_key(server: SmallServer) -> None:
    """The key goes to the address that the caller names, and to no other."""
    with SmallServer() as other:
        server.replies = [Reply(307, headers={"Location": f"{other.url}/api/v1/limits"})]
        with server.client() as client, pytest.raises(Refused):
            client.limits()
        assert other.requests == []
    assert server.requests[0].headers["ocp-apim-subscription-key"] == KEY


@pytest.mark.parametrize("url", ["http://recapito.example.org", "recapito.example.org", "ftp://a"])
def test_the_key_is_sent_encrypted(url: str) -> None:
    """Only an address of this machine may be without TLS."""
    with pytest.raises(ValueError, match="must be"):
        Recapito(url, KEY)


def test_a_repeated_upload_begins_at_the_start(server: SmallServer, tmp_path: Path) -> None:
    """The whole list arrives, although the first answer was lost."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"cf\n" + b"RSSMRA80A01H501U\n" * 20_000)
    server.replies = [Reply(kind=DROP), Reply(202, {**BATCH, "status": "CHECKING"})]
    with server.client() as client:
        assert client.batches.upload("B", path).status == "CHECKING"
    assert [one.body for one in server.requests] == [path.read_bytes()] * 2
    assert server.requests[1].headers["content-type"] == "text/csv"


def test_a_long_list_goes_in_parts(server: SmallServer, tmp_path: Path) -> None:
    """A part whose answer was lost is sent again, and the list ends with its hash."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"cf\n" + b"RSSMRA80A01H501U\n" * 500_000)
    checking = Reply(202, {**BATCH, "status": "CHECKING"})
    server.replies = [Reply(), Reply(kind=DROP), Reply(), Reply(), Reply(503), checking]
    with server.client() as client:
        assert client.batches.upload("B", path, "text/csv; charset=utf-8").status == "CHECKING"

    *parts, refused, completed = server.requests
    numbers = [one.path.rpartition("/")[2] for one in parts]
    assert [one.method for one in parts] == ["PUT"] * 4
    assert numbers == ["1", "2", "2", "3"]
    assert max(len(one.body) for one in parts) == 4 * 1024 * 1024
    content = b"".join(one.body for one in (*parts[:2], parts[3]))
    assert content == path.read_bytes()
    assert (completed.method, completed.path) == ("POST", "/api/v1/batches/B/recipients")
    assert refused.body == completed.body
    assert completed.json() == {
        "parts": 3,
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_type": "text/csv; charset=utf-8",
    }


def test_a_list_that_is_too_long_is_not_sent(server: SmallServer, tmp_path: Path) -> None:
    """The API would refuse it after all of its parts."""
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with server.client() as client, pytest.raises(Refused, match="50000000 bytes"):
        client.batches.upload("B", path)
    assert server.requests == []


def test_a_cut_download_leaves_no_half_file(server: SmallServer, tmp_path: Path) -> None:
    """It is repeated; the file has its name once it is whole, and is the user's alone."""
    content = b"row,outcome\r\n" * 1000
    server.replies = [Reply(body=content, kind=CUT), Reply(body=content)]
    path = tmp_path / "results.csv"
    with server.client() as client:
        client.batches.download_results("B", path)
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o077 == 0

        path.unlink()
        server.replies = [Reply(body=content, kind=CUT)]
        with pytest.raises(NotReached):
            client.batches.download_results("B", path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_ready_is_waited_for(server: SmallServer, tmp_path: Path) -> None:
    """The waits are those that the API asks for; the progress is no part of the file."""
    pending = Reply(202, {"lists": 1, "ready": 0}, {"Retry-After": "1"})
    server.replies = [pending, pending, Reply(body=b"row,digital_domicile\r\n")]
    path = tmp_path / "unreached.csv"
    with server.client() as client:
        client.batches.download_unreached("B", path, digital_domicile=True)
        assert path.read_bytes() == b"row,digital_domicile\r\n"
        assert server.waits == [(1.0, "not ready")] * 2
        assert {one.path for one in server.requests} == {
            "/api/v1/batches/B/unreached.csv?digital_domicile=true"
        }

        path.unlink()
        server.replies = [Reply(202, {}, {"Retry-After": "60"})]
        with pytest.raises(TimeoutError):
            client.batches.download_unreached("B", path, digital_domicile=True, timeout=30)
    assert list(tmp_path.iterdir()) == []


def test_pages_are_read_to_their_end(server: SmallServer) -> None:
    """An iterator asks for the next page with the cursor of the one before."""
    second = {**BATCH, "id": "C"}
    server.replies = [Reply(body={"items": [BATCH], "next": "B"}), Reply(body={"items": [second]})]
    with server.client() as client:
        assert [one.id for one in client.batches.list()] == [BATCH["id"], "C"]
    assert server.requests[1].path == "/api/v1/batches?limit=100&before=B"


def test_changes_go_on_from_their_cursor(server: SmallServer) -> None:
    """The cursor stays that of the page before until its messages were read."""
    item = {
        "id": "A",
        "fiscal_code": "RSSMRA80A01H501U",
        "status": "PROCESSED",
        "created_at": "2026-11-29T10:00:00Z",
        "changed_at": "2026-11-29T10:00:00Z",
    }
    server.replies = [
        Reply(body={"items": [item], "cursor": "one", "more": True}),
        Reply(body={"items": [item], "cursor": "two", "more": False}),
    ]
    with server.client() as client:
        changes = client.sent.changes("zero")
        seen = [(one.id, changes.cursor) for one in changes]
    assert seen == [("A", "zero"), ("A", "one")]
    assert changes.cursor == "two"


def test_members_of_a_newer_api_are_left_out(server: SmallServer) -> None:
    """A status or a member that this version does not know is no error."""
    server.replies = [Reply(body={**BATCH, "status": "DREAMING", "colour": "blue"})]
    with server.client() as client:
        batch = client.batches.read("B")
    assert (batch.status, batch.created_at) == ("DREAMING", datetime(2026, 11, 29, 10, tzinfo=UTC))


def test_waits_grow_and_differ() -> None:
    """Many clients do not come back at the same moment."""
    policy = RetryPolicy(attempts=5, first_wait=1, longest_wait=4)
    waits = [policy.wait(failures, None) for failures in (1, 2, 3, 4, 5)]
    assert waits[4] is None
    for wait, full in zip(waits, (1, 2, 4, 4), strict=False):
        assert wait is not None
        assert full / 2 <= wait <= full
    assert len({policy.wait(3, None) for _ in range(20)}) > 1


def test_retry_after_may_be_a_date() -> None:
    """RFC 9110 allows both forms; another text is none."""
    now = datetime(2026, 11, 29, 10, 0, 0, tzinfo=UTC)
    assert asked_wait({"Retry-After": "Sun, 29 Nov 2026 10:00:30 GMT"}, now) == 30
    assert asked_wait({"Retry-After": "soon"}, now) is None
    assert asked_wait({"RateLimit-Remaining": "0", "RateLimit-Reset": "4"}, now) == 4


def test_a_batch_is_followed_by_its_changes(server: SmallServer) -> None:
    """Each call waits for news of what the client knows; an answer without news yields nothing."""
    sending, tag = {**BATCH, "status": "RUNNING"}, {"ETag": '"1"'}
    server.replies = [
        Reply(200, sending, tag),
        Reply(304, b"", tag),
        Reply(503, headers={"Retry-After": "0"}),
        Reply(200, {**BATCH, "status": "FINISHED"}, {"ETag": '"2"'}),
    ]
    with server.client() as client:
        found = [one.status for one in client.batches.follow(BATCH["id"])]

    assert found == ["RUNNING", "FINISHED"]
    assert [one.headers.get("if-none-match") for one in server.requests] == [None, *['"1"'] * 3]
    assert {one.headers["prefer"] for one in server.requests} == {"wait=20"}


def test_a_wait_is_shorter_than_the_time_after_which_the_connection_is_lost(
    server: SmallServer,
) -> None:
    """Otherwise the client would give up while the API waits."""
    server.replies = [Reply(200, {**BATCH, "status": "RUNNING"})]
    with Recapito(server.url, KEY, timeout=10) as client:
        next(client.batches.follow(BATCH["id"]))
        next(client.batches.follow(BATCH["id"], timeout=3))
        list(client.batches.follow(BATCH["id"], timeout=0))

    assert [one.headers["prefer"] for one in server.requests][:2] == ["wait=5", "wait=3"]
    assert server.requests[-1].headers["prefer"] == "wait=0"


def test_a_recall_is_followed_to_its_end(server: SmallServer) -> None:
    """The request may be repeated; WITHDRAWING is no end, WITHDRAWN is one."""
    asked = {"reason": "L'importo era sbagliato.", "requested_at": "2026-11-29T11:00:00Z"}
    ended = {**asked, "ended_at": "2026-11-29T11:06:00Z"}
    withdrawing = {**BATCH, "status": "WITHDRAWING", "withdrawal": asked}
    server.replies = [
        Reply(503),
        Reply(202, withdrawing),
        Reply(200, withdrawing, {"ETag": '"1"'}),
        Reply(200, {**BATCH, "status": "WITHDRAWN", "withdrawal": ended}, {"ETag": '"2"'}),
    ]
    with server.client() as client:
        assert not client.batches.withdraw(BATCH["id"], asked["reason"]).is_ended
        found = list(client.batches.follow(BATCH["id"]))

    assert [(one.status, one.is_ended) for one in found] == [
        ("WITHDRAWING", False),
        ("WITHDRAWN", True),
    ]
    assert found[-1].withdrawal is not None
    assert found[-1].withdrawal.ended_at == datetime(2026, 11, 29, 11, 6, tzinfo=UTC)
    sent = server.requests[1]
    assert (sent.method, sent.path) == ("POST", f"/api/v1/batches/{BATCH['id']}/withdrawal")
    assert sent.json() == {"reason": asked["reason"]}
