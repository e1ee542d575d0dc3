"""The real Recapito on this machine, from a checkout, for the tests of those who call it.

It is the local host of the project with its sandbox, so an integrator's tests meet the API's own
rules and no copy of them.
"""

import json
import queue
import re
import subprocess
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from recapito.client import Recapito

SENDER_KEY = "sandbox-sender-key"
_EXAMPLE = "local.settings.example.json"
_READY = re.compile(r"Ready on (http://\S+:\d+)")
_START_SECONDS, _STOP_SECONDS, _CALL_SECONDS, _LOOK_SECONDS = 60.0, 15.0, 20.0, 0.1


class LocalServer:
    """A host with its sandbox. `home`: the checkout. `folder`: where its data goes.

    It ends with this process, however this ends. `environment`: that of the host.
    """

    def __init__(self, home: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.url = ""
        self.key = SENDER_KEY
        self._home = home
        self._folder = folder
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def client(self, key: str = SENDER_KEY) -> Recapito:
        """Return a client with one of the sandbox's keys."""
        return Recapito(self.url, key)

    def inbox(self, fiscal_code: str) -> list[dict[str, Any]]:
        """Return what the citizen sees: the first 100 messages, the newest first."""
        token = self._sandbox("POST", "/sandbox/token", {"fiscal_code": fiscal_code})["token"]
        answer = requests.get(
            f"{self.url}/api/communication/v1/messages",
            params={"enrich_result_data": "true", "page_size": "100"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=_CALL_SECONDS,
        )
        answer.raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def wait_for_message(
        self, fiscal_code: str, subject: str, timeout: float = 10
    ) -> dict[str, Any]:
        """Return the citizen's newest message with this subject. Raise TimeoutError."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for item in self.inbox(fiscal_code):
                if item["message_title"] == subject:
                    return item
            time.sleep(_LOOK_SECONDS)
        raise TimeoutError(f"no message {subject!r} in the inbox after {timeout} s")

    def now(self) -> datetime:
        """Return the time of the sandbox's clock."""
        return datetime.fromisoformat(self._sandbox("GET", "/sandbox/clock")["now"])

    def advance(self, duration: str) -> None:
        """Move the clock ahead by an ISO duration, such as P3DT2H."""
        self._sandbox("POST", "/sandbox/clock", {"advance": duration})

    def __enter__(self) -> Self:
        """Start the host, and wait until it is ready. Raise RuntimeError."""
        settings = json.loads((self._home / _EXAMPLE).read_text(encoding="utf-8"))["Values"]
        command = ["-m", "infra.local", "--port", "0", "--workers", "1", "--stop-with-input"]
        self._process = subprocess.Popen(  # noqa: S603 (the checkout that the caller names)
            [_python(self._home), *command, "--data-folder", str(self._folder)],
            cwd=self._home,
            env={**self._environment, **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            self.url = self._ready(self._process)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the host."""
        self._stop()

    def _ready(self, process: subprocess.Popen[str]) -> str:
        lines: queue.Queue[str | None] = queue.Queue()

        def read() -> None:
            # the output is read to its end: a full pipe would block the host
            for line in process.stdout or ():
                lines.put(line)
            lines.put(None)

        threading.Thread(target=read, daemon=True).start()
        printed: list[str] = []
        while True:
            try:
                line = lines.get(timeout=_START_SECONDS)
            except queue.Empty:
                line = None
            if line is None:
                raise RuntimeError(f"Recapito did not start:\n{''.join(printed)}")
            printed.append(line)
            if ready := _READY.search(line):
                return ready[1]

    def _stop(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

    def _sandbox(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = requests.request(method, self.url + path, json=body, timeout=_CALL_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def _python(home: Path) -> str:
    """Return the interpreter of the checkout's venv. Raise RuntimeError where there is none."""
    for name in ("bin/python", "Scripts/python.exe"):
        if (home / ".venv" / name).exists():
            return str(home / ".venv" / name)
    raise RuntimeError(f"{home} has no .venv: run `make run` there once")
