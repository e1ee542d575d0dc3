"""`make run`: start the local host and show a PA's message arriving in a citizen's inbox."""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final

import requests

from infra.local.errors import HostError
from infra.local.log import wants_colour
from infra.local.options import is_sandbox
from infra.local.settings_file import load_settings

CITIZEN: Final = "AAAAAA00A00A000A"
SENDER_KEY: Final = "sandbox-sender-key"
START_SECONDS: Final = 40
ARRIVE_SECONDS: Final = 10
STOP_SECONDS: Final = 15

MESSAGE: Final[dict[str, Any]] = {
    "fiscal_code": CITIZEN,
    "content": {
        "subject": "Tassa sui rifiuti, prima rata",
        "markdown": "È disponibile l'avviso della **prima rata** della tassa sui rifiuti. "
        "L'importo è di 84,50 euro e la scadenza è il 30 giugno.",
        "due_date": "2027-06-30T21:59:59Z",
        "payment_data": {"amount": 8450, "notice_number": "301000000000000017"},
    },
}

_READY = re.compile(r"Ready on (http://\S+)")
_INVOCATION = re.compile(r"(\S+ )(\d{3}|ok|failed|poison)( .*)", re.DOTALL)
_DIM, _GREEN, _YELLOW, _RED, _RESET = "\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"
_COLOUR_OF = {"2": _GREEN, "o": _GREEN, "4": _YELLOW}


class Screen:
    """Prints steps with the time since the first, and the host's own lines only after them."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._colour = wants_colour(sys.stdout)
        self._lock = threading.Lock()
        self._held: list[str] | None = []

    def step(self, who: str, text: str, more: str = "") -> None:
        """Print one step, what it brought indented below it."""
        elapsed = time.monotonic() - self._start
        print(f"{elapsed:7.2f} s  {who:<8} {text}", flush=True)
        for line in more.splitlines():
            print(f"{'':20}{line}", flush=True)

    def host(self, line: str) -> None:
        """Print a line of the host's, now or when the steps are over."""
        with self._lock:
            if self._held is None:
                self._print(line)
            else:
                self._held.append(line)

    def release(self) -> None:
        """Print what the host said meanwhile, and from now on whatever it says at once."""
        with self._lock:
            held, self._held = self._held or [], None
            for line in held:
                self._print(line)

    def _print(self, line: str) -> None:
        match = _INVOCATION.fullmatch(line) if self._colour else None
        if match:
            stamp, status, rest = match.groups()
            colour = _COLOUR_OF.get(status[0], _RED)
            line = f"{_DIM}{stamp}{_RESET}{colour}{status}{_RESET}{rest}"
        with suppress(OSError):
            print(f"host | {line}", flush=True)


class Host:
    """The host as a process of its own; it gets no Ctrl-C but through `stop`."""

    def __init__(self, arguments: list[str], screen: Screen) -> None:
        self._screen = screen
        self._settled = threading.Event()
        self.base = ""
        # In the terminal's group it would get Ctrl-C twice, and a second one means: at once.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "infra.local", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ready(self) -> bool:
        """Wait until it serves; False when it gave up, and has said why. Raise HostError."""
        if not self._settled.wait(START_SECONDS):
            raise HostError(f"the host was not ready after {START_SECONDS} s")
        return bool(self.base)

    def stop(self) -> None:
        """Ask it to stop, and see to it; asked a second time it stops at once."""
        while self.process.poll() is None:
            try:
                self.process.send_signal(signal.SIGINT)
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
            except KeyboardInterrupt:
                continue
        self._reader.join(1)

    def _read(self) -> None:
        for line in self.process.stdout or ():
            match = _READY.match(line)
            if match:
                self.base = match[1]
                self._settled.set()
            else:
                self._screen.host(line.rstrip("\n"))
        self._settled.set()


def show(base: str, screen: Screen) -> bool:
    """Send one message and follow it to the inbox and the phone; tell whether it came."""
    session = requests.Session()
    session.trust_env = False
    sender = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
    answer = session.post(f"{base}/api/v1/messages", json=MESSAGE, headers=sender, timeout=10)
    if answer.status_code != requests.codes.created:
        screen.step("PA", f"POST /api/v1/messages -> {answer.status_code}", _pretty(answer.json()))
        return False
    id_ = answer.json()["id"]
    screen.step("PA", "POST /api/v1/messages -> 201 Created", _pretty(answer.json()))

    answer = session.post(f"{base}/sandbox/token", json={"fiscal_code": CITIZEN}, timeout=10)
    citizen = {"Authorization": f"Bearer {answer.json()['token']}"}
    screen.step("citizen", f"POST /sandbox/token -> signed in as {CITIZEN}")

    def listed() -> dict[str, Any] | None:
        page = session.get(
            f"{base}/api/communication/v1/messages",
            params={"enrich_result_data": "true", "page_size": "5"},
            headers=citizen,
            timeout=10,
        ).json()
        return next((item for item in page["items"] if item["id"] == id_), None)

    item = _wait(listed)
    if item is None:
        screen.step("inbox", f"the message did not arrive within {ARRIVE_SECONDS} s")
        return False
    shown = ("message_title", "organization_name", "due_date", "amount", "is_read")
    screen.step(
        "inbox",
        "GET /api/communication/v1/messages -> 200, the message is there",
        _pretty({name: item[name] for name in shown if name in item}),
    )

    def captured() -> dict[str, Any] | None:
        found: list[dict[str, Any]] = session.get(
            f"{base}/sandbox/notifications", params={"message_id": id_}, timeout=10
        ).json()["items"]
        return found[0] if found else None

    push = _wait(captured)
    if push is None:
        screen.step("phone", f"no push was sent within {ARRIVE_SECONDS} s")
        return False
    screen.step(
        "phone",
        "GET /sandbox/notifications -> 200, the push that was sent",
        _pretty({name: push[name] for name in ("title", "body")}),
    )
    return True


def _wait[T](look: Callable[[], T | None]) -> T | None:
    end = time.monotonic() + ARRIVE_SECONDS
    while (found := look()) is None and time.monotonic() < end:
        time.sleep(0.02)
    return found


def _pretty(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _hints(base: str, data: str) -> str:
    markdown = ("Hello from the sandbox. " * 4).strip()
    message = {
        "fiscal_code": CITIZEN,
        "content": {"subject": "A message of yours", "markdown": markdown},
    }
    post = "curl -s -H 'Content-Type: application/json'"
    submit = (
        f"{post} -H 'Ocp-Apim-Subscription-Key: {SENDER_KEY}' {base}/api/v1/messages "
        f"-d '{json.dumps(message)}'"
    )
    sign_in = (
        f"TOKEN=$({post} {base}/sandbox/token -d '{json.dumps({'fiscal_code': CITIZEN})}' "
        """| sed 's/.*"token": *"\\([^"]*\\)".*/\\1/')"""
    )
    inbox = (
        'curl -s -H "Authorization: Bearer $TOKEN" '
        f"'{base}/api/communication/v1/messages?enrich_result_data=true&page_size=3'"
    )
    return f"""
Send a message of your own, sign in as its citizen, read the inbox (paste the lines as they are):

{submit}

{sign_in}

{inbox}

The API's description  {base}/openapi.json
What was sent out      {base}/sandbox/notifications
Data is kept in        {data} (to start afresh, stop and: rm -rf {shlex.quote(data)})
Stop with              Ctrl-C
What the host does     is told below, one line for each invocation
"""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=7071, help="0 = any free one (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes (%(default)s)")
    parser.add_argument("--once", action="store_true", help="stop after the message has arrived")
    parser.add_argument("--app-folder", type=Path, default=Path(), help="holds function_app.py")
    parser.add_argument("--data-folder", type=Path, help="instead of the setting DATA_FOLDER")
    return parser.parse_args()


def _settings(app_folder: Path) -> None:
    path = load_settings(app_folder)
    if not is_sandbox():
        raise HostError(
            f'{path or app_folder}: SANDBOX must be "true" for the demo; without it, serve the app '
            "with: python -m infra.local"
        )


def _shortest(folder: Path) -> str:
    path = folder.resolve()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) and path != here else path)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _demonstrate(host: Host, screen: Screen, data: str, *, once: bool) -> int:
    if not host.ready():
        return 1
    screen.step("host", f"Ready on {host.base}")
    if not show(host.base, screen):
        return 1
    if once:
        return 0
    print(_hints(host.base, data), flush=True)
    screen.release()
    return host.process.wait()


def _run(options: argparse.Namespace) -> int:
    _settings(options.app_folder)
    arguments = ["--port", str(options.port), "--workers", str(options.workers)]
    arguments += ["--app-folder", str(options.app_folder.resolve())]
    folder = options.app_folder / os.environ.get("DATA_FOLDER", ".data")
    if options.data_folder:
        folder = options.data_folder
        arguments += ["--data-folder", str(folder.resolve())]
    data, screen, code = _shortest(folder), Screen(), 1
    # Ctrl-C, kill and a closed terminal end it alike.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    plural = "" if options.workers == 1 else "s"
    screen.step("host", f"starting {options.workers} worker{plural}, data in {data}")
    host = Host(arguments, screen)
    try:
        code = _demonstrate(host, screen, data, once=options.once)
    except KeyboardInterrupt:
        code = 0
    except (requests.RequestException, ValueError) as error:
        raise HostError(f"the host did not answer as it should: {type(error).__name__}") from None
    finally:
        host.stop()
        if code:
            screen.release()
    if not code:
        print(f"stopped; data stays in {data}", flush=True)
    return code


def main() -> int:
    """Run until Ctrl-C; 1 when the host or the message did not come."""
    options = _options()
    try:
        return _run(options)
    except HostError as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
