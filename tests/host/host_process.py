"""The local host as a child process, for the host's own tests."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Self

from infra.local.settings.options import ANSWERING_NAME, BACKGROUND_NAME

ROOT = Path(__file__).parents[2]
TOY_APP = Path(__file__).parent / "toy_app"
START_SECONDS = 120
"""A slow or busy machine needs more than a quarter of it."""
PATIENCE_SECONDS = 60
"""The wait for what takes no time on a machine that does nothing else."""

WORKERS = (ANSWERING_NAME, BACKGROUND_NAME)
"""The names of the host's processes that work; the nursery and the supervisor have others."""


class Answer(NamedTuple):
    """An HTTP answer, its headers in order and as sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


class HostProcess:
    """`python -m infra.local` on a free port; `folder` holds its data and what the toy notes."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        app: Path = TOY_APP,
        prefix: tuple[str, ...] = (),
        **environment: str,
    ) -> None:
        self.folder = folder
        self.port = 0
        self._output = folder / "output.txt"
        settings = {
            "TOY_FOLDER": str(folder),
            "TOY_QUEUE": "toy",
            "TOY_SCHEDULE": "0 0 3 * * *",
            "SANDBOX": "true",
            **environment,
        }
        # a host without its test would live on, and take the time of the machine
        ends = ["--stop-with-input"]
        options = [*ends, "--app-folder", str(app), "--data-folder", str(folder), *arguments]
        if "--port" not in arguments:
            options += ["--port", "0"]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, "-m", "infra.local", *options],
                cwd=ROOT,
                env={**os.environ, **settings},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        try:
            ready = wait_for(
                lambda: re.findall(r"Ready on http://\S+:(\d+)", self.output), START_SECONDS
            )
        except BaseException:
            self.kill()
            raise
        self.port = int(ready[0])
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.wait(PATIENCE_SECONDS)

    def wait(self, seconds: float) -> int:
        """Wait until the host has ended; return its exit code."""
        code = self.process.wait(seconds)
        if self.process.stdin is not None:
            self.process.stdin.close()
        return code

    @property
    def output(self) -> str:
        """The text that the host has printed so far."""
        text = self._output.read_text()
        if self.process.poll() and "Ready" not in text:
            raise AssertionError(text)
        return text

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers alive, of both kinds."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [int(pid) for pid in path.read_text().split()]
        return [pid for pid in pids if process_name(pid) in WORKERS]

    def kind(self, *, background: bool) -> list[int]:
        """Return the workers that work in the background, or those that answer requests."""
        name = BACKGROUND_NAME if background else ANSWERING_NAME
        return [pid for pid in self.workers if process_name(pid) == name]

    def call(self, method: str, target: str, body: bytes | Any = None, **headers: str) -> Answer:
        """Send one request on a connection of its own; a body other than bytes goes as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, target, content, named)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def notes(self, name: str) -> list[dict[str, Any]]:
        """Return the notes of the toy app under the name."""
        path = self.folder / f"{name}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def kill(self) -> None:
        """Kill -9 the supervisor."""
        self.process.send_signal(signal.SIGKILL)
        self.wait(PATIENCE_SECONDS)


def process_name(pid: int) -> str:
    """Return the name of a process; empty after its end."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; a process that has ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def copy_toy(folder: Path, source: str = "") -> Path:
    """Copy the toy app, with its source replaced where a source is given."""
    app = folder / "app"
    shutil.copytree(TOY_APP, app, ignore=shutil.ignore_patterns("__pycache__"))
    if source:
        (app / "function_app.py").write_text(source)
    return app


def run_to_exit(folder: Path, *arguments: str, app: Path = TOY_APP) -> tuple[int, str]:
    """Run a host that is expected to give up; return its exit code and output."""
    host = HostProcess(folder, *arguments, app=app)
    code = host.wait(START_SECONDS)
    return code, (folder / "output.txt").read_text()


def wait_for[T](look: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """Call `look` until its result is true; return that result."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.02)
    return seen
