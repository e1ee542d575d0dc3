"""`make run`: start the local host and show a PA's message arriving in a citizen's inbox."""

import argparse
import json
import os
import shlex
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from infra.local.data.options import folder_name, folder_of_settings
from infra.local.data.private import keep_private
from infra.local.demo.host import Host, Screen
from infra.local.demo.sample import SENDER_KEY, Sample
from infra.local.emulators.processes import Emulators
from infra.local.errors import HostError
from infra.local.provider.process import why_not
from infra.local.settings.option_values import MAX_PORT, whole
from infra.local.settings.options import external_provider, is_sandbox
from infra.local.settings.settings_file import load_settings

CITIZEN: Final = "AAAAAA00A00A000A"
"""The citizen of the commands that are printed."""
DEFAULT_PORT: Final = 7071
MAX_WORKERS: Final = 64
ROOT: Final = Path(__file__).resolve().parents[3]


def pages(base: str, root: Path = ROOT) -> str:
    """Return the addresses of the web pages, or why there are none."""
    if not (root / "web" / "dist" / "inbox" / "index.html").exists():
        return "\nThe web pages are not built: `make web` says what is missing. All else works.\n"
    return f"""
Start page             {base}/
Inbox                  {base}/inbox/
Console                {base}/console/
Documentation          {base}/docs/
"""


def hints(base: str, data: str, *, log: bool) -> str:
    """Return the next steps for a person: addresses and commands."""
    markdown = ("Hello from the sandbox. " * 4).strip()
    message = {
        "fiscal_code": CITIZEN,
        "content": {"subject": "A message of yours", "markdown": markdown},
    }
    post = "curl -s -H 'Content-Type: application/json'"
    submit = (
        f"{post} -w '\\n' -H 'Ocp-Apim-Subscription-Key: {SENDER_KEY}' {base}/api/v1/messages "
        f"-d '{json.dumps(message)}'"
    )
    sign_in = (
        f"TOKEN=$({post} {base}/sandbox/token -d '{json.dumps({'fiscal_code': CITIZEN})}' "
        """| sed 's/.*"token": *"\\([^"]*\\)".*/\\1/')"""
    )
    if provider := external_provider():
        sign_in = f"TOKEN=...   # a token of a citizen, by {provider}"
    inbox = (
        'curl -s -w "\\n" -H "Authorization: Bearer $TOKEN" '
        f"'{base}/api/communication/v1/messages?enrich_result_data=true&page_size=3'"
    )
    port = base.rpartition(":")[2]
    login = f"make login PORT={port}" if port != str(DEFAULT_PORT) else "make login"
    if reason := why_not():
        login = f"is not served: {reason}"
    lines = "one line for each invocation" if log else "warnings and failures alone (LOG=1: all)"
    return f"""
Send a message of your own, sign in as its citizen, read the inbox (paste the lines as they are):

{submit}

{sign_in}

{inbox}

Login in a browser     {login}
API description        {base}/openapi.json
Sent notifications     {base}/sandbox/notifications
Data                   {data} (to start afresh, stop and: rm -rf {shlex.quote(data)})
Stop with              Ctrl-C
The host's log         follows below, {lines}
"""


class _Parser(argparse.ArgumentParser):
    """A parser that reports a wrong option in one line, as an option of `make run`."""

    def error(self, message: str) -> NoReturn:
        raise HostError(f"{message} (see make run ARGS=--help)")


def _options() -> argparse.Namespace:
    parser = _Parser(prog="make run", description=__doc__)
    parser.add_argument(
        "--port",
        type=whole("PORT", 0, MAX_PORT),
        default=DEFAULT_PORT,
        help="PORT=, 0: any free port (%(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=whole("WORKERS", 1, MAX_WORKERS),
        default=1,
        help="WORKERS=, processes that answer requests (%(default)s)",
    )
    parser.add_argument(
        "--stack",
        choices=("embedded", "emulators", "azure"),
        help="instead of the setting STACK; emulators: starts them; azure: uses running services",
    )
    parser.add_argument("--once", action="store_true", help="stop after the message has arrived")
    parser.add_argument(
        "--log", action="store_true", help="LOG=1, show one line for each invocation of the host"
    )
    parser.add_argument(
        "--reload", action="store_true", help="restart the app when one of its files changes"
    )
    parser.add_argument(
        "--app-folder", type=Path, default=Path(), help="the folder of function_app.py"
    )
    parser.add_argument(
        "--data-folder", type=folder_name, help="instead of the setting DATA_FOLDER"
    )
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


def _demonstrate(host: Host, screen: Screen, data: str, options: argparse.Namespace) -> int:
    if not host.ready():
        return 1
    screen.step("host", f"Ready on {host.base}")
    if not options.once:
        print(pages(host.base), flush=True)
    arrived = Sample(host.base, screen, shlex.quote(data)).show()
    if options.once:
        return 0 if arrived else 1
    print(hints(host.base, data, log=options.log), flush=True)
    screen.release()
    return host.process.wait()


def _run(options: argparse.Namespace) -> int:
    _settings(options.app_folder)
    arguments = ["--port", str(options.port), "--workers", str(options.workers)]
    arguments += ["--app-folder", str(options.app_folder.resolve())]
    arguments += [] if why_not() else ["--login"]
    arguments += [] if options.log else ["--quiet"]
    arguments += ["--reload"] if options.reload else []
    folder = options.data_folder or folder_of_settings(options.app_folder)
    if options.data_folder:
        arguments += ["--data-folder", str(folder.resolve())]
    data, screen, code = _shortest(folder), Screen(), 1
    # Ctrl-C, kill and a closed terminal all end the demo.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    plural = "" if options.workers == 1 else "s"
    screen.step("host", f"starting {options.workers} worker{plural}, data in {data}")
    host = Host(arguments, screen)
    try:
        code = _demonstrate(host, screen, data, options)
    except KeyboardInterrupt:
        code = 0
    finally:
        host.stop()
        if code:
            screen.release()
    if not code:
        print(f"stopped; data stays in {data}", flush=True)
    return code


def main() -> int:
    """Run until Ctrl-C; return 1 when the host or the message fails."""
    keep_private()
    try:
        options = _options()
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
