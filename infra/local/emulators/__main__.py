"""`make emulators`: run the emulators for `func start`, or for a host of your own."""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from infra.local.data.private import keep_private
from infra.local.emulators.database import prepare
from infra.local.emulators.processes import DEFAULT_PORTS, Emulators, Ports
from infra.local.errors import HostError
from infra.local.sandbox.seed import CITIZEN, SENDER_KEY, seed
from infra.local.sandbox.tokens import issuer_of_settings
from infra.local.settings.settings_file import load_settings
from lib.composition.app import build_app
from lib.composition.settings import read_settings


async def _fill() -> None:
    """Create and seed the database; write the keys that verify the sandbox's tokens."""
    settings = read_settings()
    folder = Path(settings.data_folder)
    issuer_of_settings(folder)
    await prepare(settings)
    app = build_app(settings)
    try:
        await seed(app)
    finally:
        await app.close()


def _instructions(emulators: Emulators, *, default: bool) -> str:
    settings = emulators.settings()
    command = (
        "STACK=azure func start"
        if default
        else "func start, with these Values in local.settings.json:\n"
        + json.dumps(settings, indent=2)
    )
    return f"""The emulators are running, with the sandbox's senders and citizens in them.

The Functions host of Azure    {command}
Send as an administration      Ocp-Apim-Subscription-Key: {SENDER_KEY}
Read as a citizen              .venv/bin/python -m infra.local.sandbox.tokens {CITIZEN}
Stop them with                 Ctrl-C; the emulators lose their data
"""


def main() -> int:
    """Run the emulators until Ctrl-C; return 1 when they cannot run."""
    keep_private()
    parser = argparse.ArgumentParser(prog="make emulators", description=__doc__)
    parser.add_argument("--free-ports", action="store_true", help="use any free ports")
    default = not parser.parse_args().free_ports
    # Ctrl-C, kill and a closed terminal all end the emulators.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    load_settings(Path())
    try:
        with Emulators(DEFAULT_PORTS if default else Ports()) as emulators:
            os.environ |= emulators.settings()
            asyncio.run(_fill())
            print(_instructions(emulators, default=default), flush=True)
            signal.pause()
    except HostError as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
