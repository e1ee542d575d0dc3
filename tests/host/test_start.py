"""The start of the host: arguments, settings files, and apps that do not index."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.__main__ import main
from tests.host.host_process import HostProcess, copy_toy, run_to_exit


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Yield a port that another socket listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_one_clear_line(tmp_path: Path, taken_port: int) -> None:
    """The host exits with 1 and says what to do."""
    code, output = run_to_exit(tmp_path, "--port", str(taken_port))
    assert code == 1
    (line,) = output.splitlines()
    assert line.startswith(f"recapito: port {taken_port} on 127.0.0.1 is in use: ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("local.settings.json", "{", "not valid JSON"),
        ("local.settings.json", "{}", '"Values" is missing'),
        ("local.settings.json", '{"Values": {"A": 1}}', "must be a string; wrong: A"),
        ("local.settings.example.json", "[]", '"Values" is missing'),
        ("host.json", '{"extensions": {"queues": {"batchSize": "x"}}}', "queues.batchSize"),
    ],
)
def test_a_bad_file_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, told: str
) -> None:
    """The host exits with 1 and names the file and the rule."""
    app = copy_toy(tmp_path)
    (app / name).write_text(content)
    assert main(["--app-folder", str(app)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert name in line
    assert told in line


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
    """The host exits with 1 and names each function and its reason, without a traceback."""
    code, output = run_to_exit(tmp_path, "--workers", "2", app=copy_toy(tmp_path, source))
    assert code == 1
    assert output.count("recapito: ") == 1
    assert all(text in output for text in told), output
    assert not any(text in output for text in [*untold, "Traceback"]), output


def test_the_sandbox_is_not_for_the_network(tmp_path: Path) -> None:
    """The host refuses, in one line, to open a sandbox to the network without an option."""
    code, output = run_to_exit(tmp_path, "--host", "0.0.0.0")

    assert code == 1
    assert output.count("\n") == 1
    assert "--open-sandbox" in output


def test_without_the_sandbox_there_is_neither_token_nor_admin(tmp_path: Path) -> None:
    """Endpoints without a key exist in the sandbox alone."""
    with HostProcess(tmp_path, "--workers", "1", SANDBOX="false") as host:
        assert host.call("GET", "/noop").status == 200
        for method, target in (
            ("POST", "/sandbox/token"),
            ("GET", "/admin/functions"),
            ("POST", "/admin/functions/noop"),
        ):
            assert host.call(method, target, {}).status == 404


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
    """The settings file has the usual port, the host has another."""
    app = copy_toy(tmp_path)
    (app / "local.settings.json").write_text('{"Values": {"PUBLIC_URL": "http://127.0.0.1:7071"}}')
    data = tmp_path / "data"
    data.mkdir()
    with HostProcess(data, "--workers", "1", app=app, **given) as host:  # type: ignore[arg-type]
        told = host.call("GET", "/setting/PUBLIC_URL").body.decode()
        assert told == public_url.format(port=host.port)
