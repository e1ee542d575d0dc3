"""HTTP through the local host, on the toy app, in a real process."""

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.host_process import HostProcess, wait_for


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    """Yield one host for the module."""
    folder: Path = tmp_path_factory.mktemp("host")
    with HostProcess(folder, "--workers", "1") as running:
        yield running


def test_a_function_sees_the_request_as_in_azure(host: HostProcess) -> None:
    """Repeated query names are joined, empty names dropped, and header names have any case."""
    target = "/echo/5/x%20y?a=1&a=2&b=%20&c="
    answer = host.call("POST", target, b"12345", x_thing="t")
    assert answer.status == 201
    seen = answer.json()
    assert seen["params"] == {"a": "1,2", "b": " "}
    assert seen["route"] == {"id": "5", "rest": "x y"}
    assert (seen["header"], seen["body"], seen["method"]) == ("t", 5, "POST")
    assert seen["url"] == f"http://127.0.0.1:{host.port}{target}"


def test_the_caller_s_address_is_appended(host: HostProcess) -> None:
    """The address goes to the right of the addresses that the caller claims, as in Azure."""
    plain = host.call("GET", "/echo/1").json()["caller"]
    claimed = host.call("GET", "/echo/1", X_Forwarded_For="192.0.2.1").json()["caller"]

    assert plain.startswith("127.0.0.1:")
    assert claimed.startswith("192.0.2.1, 127.0.0.1:")


def test_host_json_s_headers_are_on_every_answer(host: HostProcess) -> None:
    """The functions' answers and the host's own refusals have them."""
    for target in ("/noop", "/echo/1", "/nowhere"):
        headers = dict(host.call("GET", target).headers)
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_answer_keeps_headers_and_all_cookies(host: HostProcess) -> None:
    """Two cookies are two headers."""
    headers = host.call("GET", "/echo/5").headers
    assert ("X-Answer", "42") in headers
    assert ("content-type", "application/json") in headers
    cookies = [value for name, value in headers if name == "Set-Cookie"]
    assert cookies == ["a=1; HttpOnly; Path=/", "b=2; Secure"]


def test_a_sync_function_answers(host: HostProcess) -> None:
    """A function that is no coroutine runs in the library's thread pool."""
    answer = host.call("GET", "/sync")
    assert (answer.status, answer.body) == (200, b"sync")


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("GET", "/nowhere", ""),
        ("GET", "/echo", ""),
        ("DELETE", "/noop", "GET"),
        ("PUT", "/echo/5", "GET, POST"),
        ("GET", "/sandbox/token", "POST"),
        ("PUT", "/sandbox/clock", "GET, HEAD, POST"),
        ("GET", "/sandbox/nothing", ""),
        ("POST", "/admin/host/status", "GET, HEAD"),
    ],
)
def test_no_route_no_method_no_fit(
    host: HostProcess, method: str, target: str, allowed: str
) -> None:
    """The problem is the gateway's answer too: 404, or 405 with the allowed methods."""
    answer = host.call(method, target)
    assert answer.status == (405 if allowed else 404)
    assert dict(answer.headers).get("Allow", "") == allowed
    assert ("content-type", "application/problem+json") in answer.headers
    problem = answer.json()
    assert problem["status"] == problem["statusCode"] == answer.status
    assert problem["title"]
    assert problem["detail"] == problem["message"]


@pytest.mark.parametrize("line", [b"OPTIONS *", b"CONNECT example.org:80", b"GET http://x"])
def test_a_target_without_a_path_is_no_fault_of_the_host(host: HostProcess, line: bytes) -> None:
    """The answer is 404, as for any other unknown target."""
    answer = exchange(host, line + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert_problem(answer, 404)


def test_head_of_the_hosts_own_pages_has_no_body(host: HostProcess) -> None:
    """The answer has the headers of GET."""
    for target in ("/sandbox/clock", "/admin/host/status", "/admin/functions"):
        answer = host.call("HEAD", target)
        assert (answer.status, answer.body) == (200, b"")


def test_a_client_that_asks_first_is_told_to_go_on(host: HostProcess) -> None:
    """A client such as curl sends `Expect: 100-continue` with larger bodies."""
    head = b"POST /echo/5 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with socket.create_connection(("127.0.0.1", host.port), timeout=60) as connection:
        connection.sendall(head)
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"ab")
        assert connection.recv(1000).startswith(b"HTTP/1.1 201")


def exchange(host: HostProcess, data: bytes, *, seconds: float = 5) -> bytes:
    """Send these bytes; return all bytes until the host ends the connection."""
    received = b""
    with socket.create_connection(("127.0.0.1", host.port), timeout=seconds) as connection:
        connection.sendall(data)
        while part := connection.recv(65536):
            received += part
    return received


def assert_problem(answer: bytes, status: int) -> dict[str, object]:
    """Fail unless the answer is a problem of this status; return the problem."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == str(status).encode(), answer[:200]
    assert b"application/problem+json" in head
    assert b"aiohttp" not in answer.lower()
    problem: dict[str, object] = json.loads(body)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


POST = b"POST /echo/5 HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (POST + b"Content-Length: 104857601\r\n\r\n", 413),
        (b"POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413),
        (
            b"POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"41\r\n" + b"a" * 65 + b"\r\n41\r\n" + b"a" * 65 + b"\r\n",
            413,
        ),
        (b"POST /sandbox/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n", 413),
        (POST + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415),
        (POST + b"Content-Encoding: deflate\r\nContent-Length: 3\r\n\r\nabc", 415),
        (
            (
                b"POST /sandbox/token HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: br\r\n"
                b"Content-Length: 3\r\n\r\nabc"
            ),
            415,
        ),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc", 400),
        (POST + b"Content-Length: x\r\n\r\n", 400),
        (POST + b"Authorization: Bearer " + b"VERYSECRET" * 900 + b"\r\n\r\n", 431),
        (b"GET /" + b"VERYSECRET" * 900 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
        (b"VERYSECRET\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
        (POST + b"Bad Header: VERYSECRET\r\n\r\n", 400),
    ],
)
def test_a_refusal_is_a_problem_that_repeats_nothing(
    host: HostProcess, data: bytes, status: int
) -> None:
    """The refusal comes before the body is read, and the connection ends."""
    answer = exchange(host, data)
    assert_problem(answer, status)
    assert b"VERYSECRET" not in answer
    assert "VERYSECRET" not in host.output


def test_an_identity_encoding_is_accepted(host: HostProcess) -> None:
    """The host reads the body as it is."""
    assert host.call("POST", "/echo/5", b"12345", content_encoding="identity").json()["body"] == 5


def test_a_limit_of_the_app_holds_to_the_byte(host: HostProcess) -> None:
    """BODY_LIMITS of function_app.py has a limit for each function."""
    assert host.call("POST", "/small", b"a" * 100).json()["body"] == 100
    assert host.call("POST", "/small", b"a" * 101).status == 413


def test_a_failure_is_a_500_and_the_log_tells_no_values(host: HostProcess) -> None:
    """The log names type, frames and function, and has no message, path value or query."""
    answer = host.call("GET", "/broken/RSSMRA80A01H501U?q=VERYSECRET")
    assert answer.status == 500
    assert answer.json()["detail"] == "The function failed."
    wait_for(lambda: "500 broken" in host.output)
    text = host.output
    assert "broken raised ValueError" in text
    assert "function_app.py" in text
    assert "RSSMRA80A01H501U" not in text
    assert "VERYSECRET" not in text
    assert host.call("GET", "/noop").status == 200


def test_the_log_has_one_line_per_invocation_without_colours(host: HostProcess) -> None:
    """A line has time, status, function, milliseconds and a short id, in plain text."""
    host.call("GET", "/noop?hush=1")
    pattern = r"\d\d:\d\d:\d\d\.\d{3} 200 noop \d+\.\d ms [0-9a-f]{8}\n"
    wait_for(lambda: re.search(pattern, host.output))
    assert "\x1b" not in host.output
    assert "hush" not in host.output


def test_admin_lists_and_tells_its_state(host: HostProcess) -> None:
    """The host answers GET /admin/functions and /admin/host/status."""
    listed = {f["name"]: f for f in host.call("GET", "/admin/functions").json()}
    assert {"noop", "work", "tick"} <= listed.keys()
    assert listed["work"]["isDisabled"] is False
    status = host.call("GET", "/admin/host/status").json()
    assert status["state"] == "Running"
    assert {"queue": "toy-poison", "length": 0, "oldest_seconds": None} in status["queues"]
    assert {one["queue"] for one in status["queues"]} == {"toy", "toy-awaited", "toy-poison"}


def test_admin_fires_timers_and_queue_functions(host: HostProcess) -> None:
    """The answer is 202; for a queue function the input is the item's text."""
    assert host.call("POST", "/admin/functions/tick", {"input": ""}).status == 202
    assert host.call("POST", "/admin/functions/Work", {"input": "by hand"}).status == 202
    wait_for(lambda: host.notes("tick") and host.notes("done"))
    assert host.notes("work")[0]["text"] == "by hand"


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("nope", {}, 404), ("noop", {}, 400), ("work", b"{", 400), ("work", {"input": 1}, 400)],
)
def test_admin_refuses(host: HostProcess, name: str, body: object, status: int) -> None:
    """Unknown names, HTTP functions, and bodies of another form are refused."""
    answer = host.call("POST", f"/admin/functions/{name}", body)
    assert answer.status == status
    assert ("content-type", "application/problem+json") in answer.headers


def test_an_idle_host_costs_next_to_nothing(host: HostProcess) -> None:
    """Both workers together poll with at most four per cent of a core."""
    workers = host.workers
    time.sleep(0.5)
    before = sum(map(_cpu_ticks, workers))
    time.sleep(1.5)
    assert sum(map(_cpu_ticks, workers)) - before <= 6


def _cpu_ticks(pid: int) -> int:
    """Return the CPU time of a process, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
