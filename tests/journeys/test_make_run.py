"""`make run`: its steps, the lines to paste, its failures and its end."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from infra.local.data.options import folder_of_settings
from infra.local.demo import __main__ as demo
from infra.local.demo import sample as demo_sample
from infra.local.errors import HostError
from infra.local.sandbox import seed as sandbox_seed
from infra.local.sandbox.citizens import MAX_CITIZENS
from infra.local.settings.settings_file import EXAMPLE_FILE_NAME, FILE_NAME
from tests.host.host_process import ROOT, wait_for
from tests.journeys.support import free_port

TITLE = "Tassa sui rifiuti, prima rata"


class Demo:
    """The demo as a child process, with its output apart from its errors."""

    def __init__(self, folder: Path, *arguments: str, app_folder: Path = ROOT) -> None:
        example = json.loads((ROOT / EXAMPLE_FILE_NAME).read_text())["Values"]
        # neither this machine's own settings file nor its environment matters
        names = example.keys() | {"CITIZEN_TOKEN_JWKS", "DATA_FOLDER"}
        environment = {name: value for name, value in os.environ.items() if name not in names}
        if app_folder == ROOT:
            environment |= example
        self.port = free_port()
        self._files = folder / "out.txt", folder / "err.txt"
        options = ["--port", str(self.port), "--data-folder", str(folder / "data"), *arguments]
        with self._files[0].open("wb") as out, self._files[1].open("wb") as err:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "infra.local.demo",
                    "--app-folder",
                    str(app_folder),
                    *options,
                ],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=err,
            )

    @property
    def output(self) -> str:
        """The text printed so far."""
        return self._files[0].read_text()

    @property
    def errors(self) -> str:
        """The complaints so far."""
        return self._files[1].read_text()

    def exit_code(self) -> int:
        """Wait for the end of the demo; return its exit code."""
        return self.process.wait(60)


@contextmanager
def running(folder: Path, *arguments: str, app_folder: Path = ROOT) -> Iterator[Demo]:
    """Run the demo while the block runs."""
    demo = Demo(folder, *arguments, app_folder=app_folder)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(60)


def copy_app(folder: Path, *, settings: str) -> Path:
    """Copy the files that make a folder a function app, with these local settings."""
    folder.mkdir()
    for name in ("function_app.py", "host.json"):
        shutil.copy(ROOT / name, folder)
    (folder / FILE_NAME).write_text(settings)
    return folder


def changed_settings(**values: str) -> str:
    """Return the example's settings with some changed."""
    example = json.loads((ROOT / EXAMPLE_FILE_NAME).read_text())
    example["Values"] |= values
    return json.dumps(example)


def test_another_identity_provider_is_no_end_of_the_demo(tmp_path: Path) -> None:
    """The message is sent and pushed; demo and sandbox say where a citizen signs in."""
    settings = changed_settings(
        CITIZEN_TOKEN_ISSUER="https://login.example",
        CITIZEN_TOKEN_JWKS="https://login.example/jwks",
    )
    app = copy_app(tmp_path / "app", settings=settings)
    with running(tmp_path, app_folder=app) as demo:
        wait_for(lambda: "Stop with" in demo.output, 60)
        base = f"http://127.0.0.1:{demo.port}"
        body = {"fiscal_code": demo_sample.CITIZEN}
        answer = requests.post(f"{base}/sandbox/token", json=body, timeout=60)

    assert "citizen  signs in at https://login.example, whose tokens open the inbox" in demo.output
    assert "the push that was sent" in demo.output
    assert "a token of a citizen, by https://login.example" in demo.output
    assert (answer.status_code, "https://login.example" in answer.text) == (409, True)
    assert "Traceback" not in demo.output + demo.errors


def test_once_shows_a_message_on_its_way_and_ends(tmp_path: Path) -> None:
    """Each step is shown with its time, without lines of the host, and the exit code is 0."""
    with running(tmp_path, "--once", "--workers", "2") as demo:
        assert demo.exit_code() == 0, demo.errors

    lines = demo.output.splitlines()
    steps = [re.match(r" +\d+\.\d\d s  (\w+) +(.+)", line) for line in lines]
    told = [(step[1], step[2]) for step in steps if step]
    by = [who for who, _ in told]
    assert by == ["host", "host", "citizen", "PA", "PA", "PA", "inbox", "phone"]
    assert told[1][1] == f"Ready on http://127.0.0.1:{demo.port}"
    times = [float(line.split()[0]) for line, step in zip(lines, steps, strict=True) if step]
    assert times == sorted(times)
    inbox, phone = demo.output.index("  inbox "), demo.output.index("  phone ")
    assert f'"message_title": "{TITLE}"' in demo.output[inbox:phone]
    assert f'"body": "{TITLE}"' in demo.output[phone:]
    others = [line for line, step in zip(lines, steps, strict=True) if not step]
    assert all(line.startswith(" " * 20) for line in others[:-1]), demo.output
    assert others[-1] == f"stopped; data stays in {tmp_path / 'data'}"
    assert demo.errors == ""


def test_the_lines_to_paste_work_until_ctrl_c(tmp_path: Path) -> None:
    """They work in bash as printed; SIGINT ends demo and host with 0, and frees the port."""
    with running(tmp_path, "--log") as demo:
        wait_for(lambda: "host | " in demo.output or demo.process.poll() is not None, 60)
        pasted = [
            line for line in demo.output.splitlines() if re.match(r"(TOKEN=\$\()?curl ", line)
        ]
        assert len(pasted) == 3, demo.output
        assert f"Data                   {tmp_path / 'data'} (" in demo.output
        assert f"rm -rf {tmp_path / 'data'}" in demo.output
        if shutil.which("curl") is None:
            print("curl is not installed: the lines to paste are not run")  # noqa: T201 - a reason
        else:
            paste(pasted)
            wait_for(lambda: "host | " in demo.output and " 201 submit_message " in demo.output)

        demo.process.send_signal(signal.SIGINT)
        assert demo.exit_code() == 0, demo.errors
        assert demo.output.splitlines()[-1].startswith("stopped; ")
        socket.create_server(("127.0.0.1", demo.port)).close()
        assert demo.errors == ""
    *_, log = demo.output.partition("follows below")
    assert all(line.startswith("host | ") for line in log.splitlines()[2:-1]), log


def paste(lines: list[str]) -> None:
    """Run the lines in one shell; the inbox must have their message alone."""
    script = "\n".join(["set -eu", *lines[:2], "sleep 0.3", lines[2]])
    ran = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    created, inbox = (json.loads(line) for line in ran.stdout.splitlines())
    assert inbox["items"][0]["id"] == created["id"]
    titles = [item["message_title"] for item in inbox["items"]]
    assert titles == ["A message of yours"]


def _says(demo: Demo, text: str) -> bool:
    return text in demo.output


def test_killing_make_run_ends_the_host_and_frees_the_port(tmp_path: Path) -> None:
    """A host without its demo would hold the port and the data."""
    with running(tmp_path) as demo:
        wait_for(partial(_says, demo, "Stop with"), 60)
        demo.process.kill()
        demo.process.wait(60)
        wait_for(partial(_is_free, demo.port))
    assert demo.errors == ""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_second_start_sends_no_second_message(tmp_path: Path) -> None:
    """The demo shows the first message, and warns of a clock that was left ahead."""
    outputs = []
    for start in range(2):
        with running(tmp_path, *(["--once"] if start else [])) as demo:
            if not start:
                wait_for(partial(_says, demo, "Stop with"), 60)
                moved = requests.post(
                    f"http://127.0.0.1:{demo.port}/sandbox/clock",
                    json={"advance": "P3DT2H"},
                    timeout=60,
                )
                assert moved.status_code == 200
                demo.process.send_signal(signal.SIGINT)
            assert demo.exit_code() == 0, demo.errors
            outputs.append(demo.output)

    assert "POST /api/v1/messages -> 201" in outputs[0]
    assert "POST /api/v1/messages" not in outputs[1]
    assert "was sent by an earlier start" in outputs[1]
    assert "3 days, 2:0" in outputs[1] or "3 days, 1:59" in outputs[1]
    assert f"rm -rf {tmp_path / 'data'}" in outputs[1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--port", "http"), "PORT=http: must be a whole number from 0 to 65535"),
        (("--port", "65536"), "PORT=65536: must be a whole number from 0 to 65535"),
        (("--workers", "0"), "WORKERS=0: must be a whole number from 1 to 64"),
        (("--workers", "two"), "WORKERS=two: must be a whole number from 1 to 64"),
        (("--stack", "sql"), "argument --stack: invalid choice: 'sql'"),
        (("--data-folder", ""), "argument --data-folder: must name a folder"),
    ],
)
def test_a_wrong_option_is_one_clear_line(
    tmp_path: Path, options: tuple[str, str], told: str
) -> None:
    """The line has the words that were typed, and nothing starts."""
    with running(tmp_path, *options) as demo:
        assert demo.exit_code() == 1

    (line,) = demo.errors.splitlines()
    assert line.startswith(f"recapito: {told}")
    assert demo.output == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--count", "many"), f"COUNT=many: must be a whole number from 1 to {MAX_CITIZENS}"),
        (("--count", "0"), f"COUNT=0: must be a whole number from 1 to {MAX_CITIZENS}"),
        (("--port", "http"), "PORT=http: must be a whole number from 1 to 65535"),
        (("--port", "1"), "http://127.0.0.1:1 did not answer as a sandbox should"),
    ],
)
def test_wrong_options_of_make_citizens_are_one_clear_line(
    options: tuple[str, str], told: str
) -> None:
    """The line has the words that were typed, as with `make run`."""
    ran = subprocess.run(
        [sys.executable, "-m", "infra.local.sandbox.citizens", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"recapito: {told}")
    assert (ran.returncode, ran.stdout) == (1, "")


def test_the_log_comes_with_a_flag_alone() -> None:
    """Without it, the lines of the log do not bury the addresses of the pages."""
    plain = demo.hints("http://127.0.0.1:1", ".data", log=False)
    log = demo.hints("http://127.0.0.1:1", ".data", log=True)

    assert "follows below, warnings and failures alone (LOG=1: all)\n" in plain
    assert "follows below, one line for each invocation\n" in log


def test_the_pages_come_first(tmp_path: Path) -> None:
    """Without pages, one line says how to learn what is missing."""
    built = tmp_path / "web" / "dist" / "inbox"
    assert demo.pages("http://127.0.0.1:1", tmp_path).count("make web") == 1
    built.mkdir(parents=True)
    (built / "index.html").touch()

    told = demo.pages("http://127.0.0.1:1", tmp_path).splitlines()
    assert [line.rpartition(":1")[2] for line in told if line] == [
        *("/", "/inbox/", "/console/", "/docs/")
    ]


@pytest.mark.parametrize(
    ("port", "reason", "told"),
    [
        (7071, "", "make login\n"),
        (8080, "", "make login PORT=8080\n"),
        (7071, "Node.js is not installed", "is not served: Node.js is not installed\n"),
    ],
)
def test_the_banner_says_how_to_log_in(
    monkeypatch: pytest.MonkeyPatch, port: int, reason: str, told: str
) -> None:
    """Without Node.js it says what is missing."""
    monkeypatch.setattr(demo, "why_not", lambda: reason)

    banner = demo.hints(f"http://127.0.0.1:{port}", ".data", log=False)

    assert f"Login in a browser     {told}" in banner


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    """The demo exits with 1 and says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with running(tmp_path, "--port", str(port)) as demo:
            assert demo.exit_code() == 1

    (line,) = demo.errors.splitlines()
    assert line.startswith(f"recapito: port {port} on 127.0.0.1 is in use: ")
    assert len(demo.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("{", "not valid JSON"),
        ('{"Values": []}', '"Values" is missing'),
        (changed_settings(SANDBOX="false"), 'SANDBOX must be "true" for the demo'),
        (changed_settings(STACK="nothing"), "STACK: "),
        (changed_settings(KEY_HASH_SECRET="short", TRUSTED_PROXIES="x"), "TRUSTED_PROXIES: "),
    ],
    ids=["no-json", "no-values", "no-sandbox", "no-stack", "bad-values"],
)
def test_a_bad_settings_file_is_one_clear_line(tmp_path: Path, settings: str, told: str) -> None:
    """The demo exits with 1 and names the setting, without a traceback or a secret's value."""
    app_folder = copy_app(tmp_path / "app", settings=settings)
    with running(tmp_path, app_folder=app_folder) as demo:
        assert demo.exit_code() == 1

    (line,) = demo.errors.splitlines()
    assert line.startswith("recapito: ")
    assert told in line
    assert "short" not in line.replace("too short", "")
    assert "Traceback" not in demo.output + demo.errors


def test_a_data_folder_without_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be the app's own folder, with databases and keys in the checkout."""
    monkeypatch.setenv("DATA_FOLDER", " ")
    with pytest.raises(HostError, match="DATA_FOLDER is empty"):
        folder_of_settings(ROOT)


def test_the_demo_signs_in_as_the_seed_says() -> None:
    """The demo does not import the seed, to start fast, and has the same names."""
    assert demo.CITIZEN == sandbox_seed.CITIZEN
    assert demo_sample.CITIZEN == sandbox_seed.SAMPLE_CITIZEN
    assert demo_sample.SENDER_KEY == sandbox_seed.SENDER_KEY
