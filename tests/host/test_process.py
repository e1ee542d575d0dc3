"""The life of the host's processes: starting, dying, stopping."""

import http.client
import os
import resource
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.__main__ import main
from lib.adapters.embedded.clock import SandboxClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from tests.host.host_process import TOY_APP, Answer, HostProcess, run_to_exit, wait_for


def copy_toy(folder: Path, source: str = "") -> Path:
    """Copy the toy app, with its source replaced where one is given."""
    app = folder / "app"
    shutil.copytree(TOY_APP, app, ignore=shutil.ignore_patterns("__pycache__"))
    if source:
        (app / "function_app.py").write_text(source)
    return app


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Yield a port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_one_clear_line(tmp_path: Path, taken_port: int) -> None:
    """Exit code 1, and what to do about it."""
    code, output = run_to_exit(tmp_path, "--port", str(taken_port))
    assert code == 1
    (line,) = output.splitlines()
    assert line.startswith(f"recapito: port {taken_port} on 127.0.0.1 is in use: ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("local.settings.json", "{", "not valid JSON"),
        ("local.settings.json", "{}", '"Values" is missing'),
        ("local.settings.json", '{"Values": {"A": 1}}', "must be a string; not so: A"),
        ("local.settings.example.json", "[]", '"Values" is missing'),
        ("host.json", '{"extensions": {"queues": {"batchSize": "x"}}}', "queues.batchSize"),
    ],
)
def test_a_bad_file_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, told: str
) -> None:
    """Exit code 1, the file and the rule."""
    app = copy_toy(tmp_path)
    (app / name).write_text(content)
    assert main(["--app-folder", str(app)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert name in line
    assert told in line


SAYS = """
import azure.functions as func
app = func.FunctionApp()

@app.route("said", auth_level=func.AuthLevel.ANONYMOUS)
async def said(req: func.HttpRequest) -> str: return "{}"
"""


def test_a_changed_file_is_served_without_a_restart(tmp_path: Path) -> None:
    """Also after a version that does not index; no request in between is refused."""
    app = copy_toy(tmp_path, SAYS.format("first"))
    (tmp_path / "data").mkdir()
    (app / "host.json").write_text(
        '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
    )

    with HostProcess(tmp_path / "data", "--reload", "--workers", "1", app=app) as host:
        assert host.call("GET", "/said").body == b"first"
        (app / "function_app.py").write_text(SAYS.format("second"))
        wait_for(lambda: host.call("GET", "/said").body == b"second", 30)
        (app / "function_app.py").write_text("this is no Python")
        wait_for(lambda: "does not index" in host.output, 30)
        (app / "function_app.py").write_text(SAYS.format("third"))
        wait_for(lambda: host.call("GET", "/said").body == b"third", 30)
        host.process.terminate()
        assert host.process.wait(15) == 0
        assert "function_app.py changed; starting the workers anew" in host.output


def test_a_worker_that_is_told_to_end_while_it_starts_is_no_fault(tmp_path: Path) -> None:
    """A reload may come before a worker is ready: the host starts another one."""
    (tmp_path / "data").mkdir()
    host = HostProcess(tmp_path / "data", "--workers", "1")
    os.kill(min(wait_for(lambda: host.workers, 10)), signal.SIGTERM)
    with host:
        assert host.call("GET", "/noop").status == 200
        assert "died" not in host.output


WRONG_BINDINGS = """
import azure.functions as func
app = func.FunctionApp()

@app.route("a")
async def first(request: func.HttpRequest) -> func.HttpResponse: ...

@app.route("b")
async def second(req: int) -> func.HttpResponse: ...

@app.route("c")
async def fine(req: func.HttpRequest) -> func.HttpResponse: ...
"""


@pytest.mark.parametrize(
    ("source", "told", "untold"),
    [
        (WRONG_BINDINGS, ["first: FunctionLoadError", "second: "], ["fine"]),
        ("import nothing_like_it", ["function_app.py:1", "No module named 'nothing_like"], []),
        (
            WRONG_BINDINGS.replace('"a"', '"a/{x:nope}"')
            .replace("request:", "req:")
            .replace(": int", ": func.HttpRequest"),
            ["function first: route 'a/{x:nope}'", "does not support the segment '{x:nope}'"],
            [],
        ),
        (
            WRONG_BINDINGS.replace("request:", "req:").replace(": int", ": func.HttpRequest"),
            ["function first: route 'a'", "does not support authLevel 'FUNCTION'"],
            [],
        ),
    ],
)
def test_an_app_that_does_not_index(
    tmp_path: Path, source: str, told: list[str], untold: list[str]
) -> None:
    """Exit code 1, each function with its reason, and no traceback."""
    code, output = run_to_exit(tmp_path, "--workers", "2", app=copy_toy(tmp_path, source))
    assert code == 1
    assert output.count("recapito: ") == 1
    assert all(text in output for text in told), output
    assert not any(text in output for text in [*untold, "Traceback"]), output


@pytest.mark.parametrize("background", [False, True], ids=["answering", "background"])
async def test_a_killed_worker_is_replaced_and_the_service_goes_on(
    tmp_path: Path, background: bool
) -> None:
    """Kill -9 of one of either kind: requests are answered throughout, and no item is left."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "2") as host:
            before = host.workers
            first = host.kind(background=background)[0]
            os.kill(first, signal.SIGKILL)
            for number in range(20):
                await queue.put("toy", str(number))
            assert {host.call("GET", "/noop").status for _ in range(20)} == {200}
            wait_for(lambda: len(host.notes("done")) == 20, 10)
            wait_for(lambda: len(host.workers) == 4 and first not in host.workers, 10)
            assert len(set(before) & set(host.workers)) == 3
            wait_for(lambda: len(host.kind(background=background)) == 2)
            wait_for(lambda: len(host.notes("started")) == 5, 10)
            assert f"worker {first} died" in host.output
    finally:
        await queue.close()


async def test_what_runs_in_the_background_delays_no_request(tmp_path: Path) -> None:
    """Items run in processes of lower priority, save those of the app's PRIORITY_FUNCTIONS."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "1", "--niceness", "5") as host:
            (answering,), (background,) = host.kind(background=False), host.kind(background=True)
            await queue.put("toy", "block")
            (note,) = wait_for(lambda: host.notes("work"))
            assert note["pid"] == background
            assert host.call("GET", "/echo/5").json()["pid"] == answering
            await queue.put("toy-awaited", "now")
            (note,) = wait_for(lambda: host.notes("awaited"))
            assert note["pid"] == answering
            assert not host.notes("done")
            nice = [os.getpriority(os.PRIO_PROCESS, pid) for pid in (answering, background)]
            assert nice[1] - nice[0] == 5
            wait_for(lambda: host.notes("done"))
    finally:
        await queue.close()


def test_killing_the_parent_frees_the_port_at_once(tmp_path: Path) -> None:
    """Workers go with their parent, and the same port serves again."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        workers = host.workers
        host.kill()
        wait_for(lambda: not any(_is_alive(pid) for pid in workers), 2)
        with HostProcess(tmp_path, "--workers", "1", "--port", str(host.port)) as again:
            assert again.call("GET", "/noop").status == 200


async def test_a_graceful_stop_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """SIGTERM during a request and two items, one fired by hand: all end well, exit code 0."""
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


async def test_items_of_a_killed_host_are_done_by_the_next(tmp_path: Path) -> None:
    """Kill -9 in the middle of an item: it is delivered again as soon as its lease ends."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        await queue.put("toy", "sleep")
        with HostProcess(tmp_path, "--workers", "1", "--lease-seconds", "1") as host:
            wait_for(lambda: host.notes("work"))
            host.kill()
        with HostProcess(tmp_path, "--workers", "1", "--lease-seconds", "1") as host:
            wait_for(lambda: host.notes("done"), 8)
            assert [note["count"] for note in host.notes("work")] == [1, 2]
        assert await queue.length("toy") == 0
    finally:
        await queue.close()


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_sandbox_is_not_for_the_network(tmp_path: Path) -> None:
    """Anybody could sign in as anybody: one clear line, unless it is asked for by name."""
    code, output = run_to_exit(tmp_path, "--host", "0.0.0.0")

    assert code == 1
    assert output.count("\n") == 1
    assert "--open-sandbox" in output


def test_without_the_sandbox_there_is_neither_token_nor_admin(tmp_path: Path) -> None:
    """What needs no key is there on a developer's machine alone."""
    with HostProcess(tmp_path, "--workers", "1", SANDBOX="false") as host:
        assert host.call("GET", "/noop").status == 200
        for method, target in (
            ("POST", "/sandbox/token"),
            ("GET", "/admin/functions"),
            ("POST", "/admin/functions/noop"),
        ):
            assert host.call(method, target, {}).status == 404


def held_workers(folder: Path) -> list[str]:
    """Name the workers that a folder knows."""
    return [path.name for path in (folder / "workers").iterdir()]


async def visible(queue: SQLiteQueue, name: str) -> int:
    """Count the items that can be received now, and leave them so."""
    items = await queue.receive(name, limit=32, visibility_timeout=timedelta(minutes=1))
    for item in items:
        await queue.update(name, item, visibility_timeout=timedelta(0))
    return len(items)


@pytest.mark.parametrize("whole", [False, True], ids=["worker", "host"])
async def test_what_a_killed_worker_held_is_freed_at_once(tmp_path: Path, whole: bool) -> None:
    """Not when its lease ends, which is an hour here: by another worker, or by the next start."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    options = ("--workers", "1", "--lease-seconds", "3600")
    try:
        with HostProcess(tmp_path, *options) as host:
            await queue.put("toy", "block")
            (note,) = wait_for(lambda: host.notes("work"))
            if whole:
                host.kill()
            else:
                os.kill(note["pid"], signal.SIGKILL)
                wait_for(lambda: host.notes("done"), 10)
        if whole:
            with HostProcess(tmp_path, *options) as host:
                wait_for(lambda: host.notes("done"), 10)
        assert [note["count"] for note in host.notes("work")] == [1, 2]
        wait_for(lambda: held_workers(tmp_path) == [])
        assert await queue.length("toy") == 0
    finally:
        await queue.close()


async def test_a_clean_stop_leaves_no_item_hidden(tmp_path: Path) -> None:
    """Neither those it just received nor those that run longer than it waits."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "2", "--lease-seconds", "3600") as host:
            for _ in range(2):
                await queue.put("toy", "forever")
            for number in range(400):
                await queue.put("toy", f"a {number}")
            wait_for(lambda: "forever" in {note["text"] for note in host.notes("work")}, 20)
            wait_for(lambda: len(host.notes("done")) >= 20, 20)
            host.process.terminate()
            assert host.process.wait(25) == 0
        left = await queue.length("toy")
        seen = 0
        while items := await queue.receive(
            "toy", limit=32, visibility_timeout=timedelta(minutes=5)
        ):
            seen += len(items)
        assert seen == left >= 2
    finally:
        await queue.close()


@pytest.mark.parametrize("background", [False, True], ids=["answering", "background"])
def test_a_worker_that_hangs_is_replaced(tmp_path: Path, background: bool) -> None:
    """One that the system has stopped gives no sign of life; the others are left alone."""
    with HostProcess(tmp_path, "--workers", "2", "--hang-seconds", "3") as host:
        before = host.workers
        (hanging, _) = host.kind(background=background)
        os.kill(hanging, signal.SIGSTOP)
        wait_for(lambda: f"worker {hanging} hangs" in host.output, 20)
        wait_for(lambda: len(host.workers) == 4 and hanging not in host.workers, 10)
        wait_for(lambda: len(host.kind(background=background)) == 2, 10)
        assert len(set(before) & set(host.workers)) == 3
        assert {host.call("GET", "/noop").status for _ in range(10)} == {200}


def test_a_stop_resets_no_connection_and_waits_for_no_half_body(tmp_path: Path) -> None:
    """Clients in the middle of their calls get answers; the port is closed at once."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        broken: list[str] = []
        answered: list[int] = []
        started = threading.Barrier(5)

        def call_again_and_again() -> None:
            """Call until the answer says that the connection ends."""
            connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
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
            socket.create_connection(("127.0.0.1", host.port), timeout=10) as half,
            socket.create_connection(("127.0.0.1", host.port), timeout=10) as idle,
        ):
            half.sendall(head + b"ab")
            started.wait(20)
            host.process.terminate()
            since = time.monotonic()
            wait_for(lambda: _refuses(host.port), 3)
            received = half.recv(1000)
            assert received.startswith(b"HTTP/1.1 503 ")
            assert b"Connection: close" in received
            assert idle.recv(1000) == b""
        assert host.process.wait(10) == 0
        assert time.monotonic() - since < 6
        for client in clients:
            client.join()
        assert broken == []
        assert set(answered) == {200}


def test_a_stop_resets_no_client_that_connects_for_each_call(tmp_path: Path) -> None:
    """Each call is answered, or its connection is refused: never begun and then reset."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        answered: list[int] = []
        refused: list[str] = []

        def call_again_and_again() -> None:
            while True:
                connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
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
        wait_for(lambda: len(answered) > 200, 20)
        host.process.terminate()
        assert host.process.wait(10) == 0
        for client in clients:
            client.join()
        assert set(answered) == {200}
        assert set(refused) == {"ConnectionRefusedError"}


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionError:
        return True
    return False


def test_more_connections_than_descriptors_leave_room_for_answers(tmp_path: Path) -> None:
    """Idle ones make room; nobody is answered 500 for want of descriptors."""
    with HostProcess(tmp_path, "--workers", "1", prefix=("prlimit", "--nofile=160")) as host:
        idle = []
        try:
            for _ in range(300):
                one = socket.create_connection(("127.0.0.1", host.port), timeout=5)
                idle.append(one)
                one.sendall(b"GET /noop HTTP/1.1\r\nHost: x\r\n\r\n")
            assert {host.call("GET", "/noop").status for _ in range(10)} == {200}
            assert {host.call("GET", "/admin/functions").status for _ in range(3)} == {200}
        finally:
            for one in idle:
                one.close()


def test_the_soft_limit_is_raised(tmp_path: Path) -> None:
    """A shell's usual 1,024 is no reason to refuse the next connection."""
    with HostProcess(tmp_path, "--workers", "1", prefix=("prlimit", "--nofile=256:3000")) as host:
        for pid in (host.process.pid, *host.workers):
            assert resource.prlimit(pid, resource.RLIMIT_NOFILE) == (3000, 3000)


@pytest.mark.parametrize(
    ("given", "public_url"),
    [
        ({}, "http://127.0.0.1:{port}"),
        ({"PUBLIC_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
    ],
)
def test_links_follow_the_port_unless_they_are_set(
    tmp_path: Path, given: dict[str, str], public_url: str
) -> None:
    """The file's address is of the usual port."""
    app = copy_toy(tmp_path)
    (app / "local.settings.json").write_text('{"Values": {"PUBLIC_URL": "http://127.0.0.1:7071"}}')
    data = tmp_path / "data"
    data.mkdir()
    with HostProcess(data, "--workers", "1", app=app, **given) as host:  # type: ignore[arg-type]
        told = host.call("GET", "/setting/PUBLIC_URL").body.decode()
        assert told == public_url.format(port=host.port)
