"""`make run`: start the local host and show a PA's message arriving in a citizen's inbox."""

import argparse
import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any, Final

import requests

from infra.local.demo_host import Host, Screen
from infra.local.emulators import Emulators
from infra.local.errors import HostError
from infra.local.options import is_sandbox
from infra.local.settings_file import load_settings

CITIZEN: Final = "AAAAAA00A00A000A"
SENDER_KEY: Final = "sandbox-sender-key"
ARRIVE_SECONDS: Final = 10

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
    parser.add_argument(
        "--stack",
        choices=("embedded", "emulators", "azure"),
        help="instead of the setting STACK; emulators: started for it; azure: what runs already",
    )
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
        with ExitStack() as stack:
            if options.stack == "emulators":
                os.environ |= stack.enter_context(Emulators()).settings()
            elif options.stack:
                os.environ["STACK"] = options.stack
            return _run(options)
    except HostError as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
