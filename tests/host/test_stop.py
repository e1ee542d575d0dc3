"""A stop of the host: requests in flight are answered, and no item stays hidden."""

import http.client
import socket
import threading
from datetime import timedelta
from pathlib import Path

from lib.adapters.embedded.clock import SandboxClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from tests.host.host_process import Answer, HostProcess, wait_for


async def test_a_graceful_stop_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """On SIGTERM a request and two items end well, and the host exits with 0."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "1") as host:
            answers: list[Answer] = []
            request = threading.Thread(target=lambda: answers.append(host.call("GET", "/slow/1")))
            request.start()
            host.call("POST", "/admin/functions/work", {"input": "sleep"})
            await queue.put("toy", "sleep in a queue")
            wait_for(lambda: host.notes("slow") and len(host.notes("work")) == 2)
            host.process.terminate()
            assert host.process.wait(15) == 0
            request.join()
            assert answers[0].body == b"slept"
            done = {note["text"] for note in host.notes("done")}
            assert done == {"sleep", "sleep in a queue"}
            assert len(host.notes("closed")) == 2
        assert await queue.length("toy") == 0
    finally:
        await queue.close()


def test_a_stop_ends_the_calls_that_wait_for_news(tmp_path: Path) -> None:
    """The app is told first, so that such a call is answered, and does not delay the stop."""
    with HostProcess(tmp_path, "--workers", "1") as host:
        answers: list[Answer] = []
        request = threading.Thread(
            target=lambda: answers.append(host.call("GET", "/until-hastened"))
        )
        request.start()
        wait_for(lambda: host.notes("waits"))
        host.process.terminate()
        assert host.process.wait(15) == 0
        request.join()
    assert answers[0].body == b"hastened"


async def test_a_clean_stop_leaves_no_item_hidden(tmp_path: Path) -> None:
    """Items just received, and items that run too long for the stop, are visible again."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "2", "--lease-seconds", "3600") as host:
            for _ in range(2):
                await queue.put("toy", "forever")
            for number in range(400):
                await queue.put("toy", f"a {number}")
            wait_for(lambda: "forever" in {note["text"] for note in host.notes("work")})
            wait_for(lambda: len(host.notes("done")) >= 20)
            host.process.terminate()
            assert host.process.wait(60) == 0
        left = await queue.length("toy")
        seen = 0
        while items := await queue.receive(
            "toy", limit=32, visibility_timeout=timedelta(minutes=5)
        ):
            seen += len(items)
        assert seen == left >= 2
    finally:
        await queue.close()


def test_a_stop_resets_no_connection_and_waits_for_no_half_body(tmp_path: Path) -> None:
    """Calls in flight get answers, and the port is closed at once."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        broken: list[str] = []
        answered: list[int] = []
        started = threading.Barrier(5)

        def call_again_and_again() -> None:
            """Call until the answer says that the connection ends."""
            connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=60)
            for number in range(1_000_000):
                if number == 20:
                    started.wait(20)
                try:
                    connection.request("GET", "/noop")
                    answer = connection.getresponse()
                    answer.read()
                except OSError as error:
                    broken.append(repr(error))
                    return
                answered.append(answer.status)
                if answer.getheader("connection") == "close":
                    return

        clients = [threading.Thread(target=call_again_and_again) for _ in range(4)]
        for client in clients:
            client.start()
        head = b"POST /echo/5 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
        with (
            socket.create_connection(("127.0.0.1", host.port), timeout=60) as half,
            socket.create_connection(("127.0.0.1", host.port), timeout=60) as idle,
        ):
            half.sendall(head + b"ab")
            started.wait(20)
            host.process.terminate()
            wait_for(lambda: _refuses(host.port))
            # at the end of the grace period the connection would end without an answer
            received = half.recv(1000)
            assert received.startswith(b"HTTP/1.1 503 ")
            assert b"Connection: close" in received
            assert idle.recv(1000) == b""
        assert host.process.wait(60) == 0
        assert "did not stop in time" not in host.output
        for client in clients:
            client.join()
        assert broken == []
        assert set(answered) == {200}


def test_a_stop_resets_no_client_that_connects_for_each_call(tmp_path: Path) -> None:
    """The host answers each call or refuses its connection, and resets none."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        answered: list[int] = []
        refused: list[str] = []

        def call_again_and_again() -> None:
            while True:
                connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=60)
                try:
                    connection.connect()
                except OSError as error:
                    refused.append(type(error).__name__)
                    return
                try:
                    connection.request("GET", "/noop")
                    answered.append(connection.getresponse().status)
                except OSError as error:
                    refused.append(repr(error))
                    return
                finally:
                    connection.close()

        clients = [threading.Thread(target=call_again_and_again) for _ in range(6)]
        for client in clients:
            client.start()
        wait_for(lambda: len(answered) > 200)
        host.process.terminate()
        assert host.process.wait(60) == 0
        for client in clients:
            client.join()
        assert set(answered) == {200}
        assert set(refused) == {"ConnectionRefusedError"}


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=60).close()
    except ConnectionError:
        return True
    return False
