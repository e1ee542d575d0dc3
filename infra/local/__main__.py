"""`python -m infra.local`: serve the function app on this machine."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from infra.local.data.options import folder_name, folder_of_settings
from infra.local.data.private import check_private, keep_private
from infra.local.errors import HostError
from infra.local.host.supervisor import Supervisor
from infra.local.invocations.log import HostLog, wants_colour
from infra.local.settings.host_json import load_host_options
from infra.local.settings.options import (
    AUTHORITY_JWKS_FILE,
    JWKS_FILE,
    HostArguments,
    external_provider,
    is_sandbox,
)
from infra.local.settings.settings_file import load_settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_MIN_LEASE_SECONDS, _MAX_LEASE_SECONDS = 1.0, 86_400.0
_MAX_NICENESS = 19


def main(arguments: list[str] | None = None) -> int:
    """Run the host until it is stopped; return the exit code."""
    keep_private()
    colour = wants_colour(sys.stdout)
    try:
        parsed = _parse(arguments)
        log = HostLog(1, colour=colour, quiet=parsed.quiet)
        asyncio.run(_run(parsed, log, colour=colour))
        log.flush()
    except HostError as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(arguments: HostArguments, log: HostLog, *, colour: bool) -> None:
    await Supervisor(arguments, log, colour=colour).run()


def _parse(arguments: list[str] | None) -> HostArguments:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=7071, help="0: any free port (%(default)s)")
    parser.add_argument(
        "--workers", type=int, default=2, help="processes that answer requests (%(default)s)"
    )
    parser.add_argument(
        "--app-folder", type=Path, default=Path(), help="the folder of function_app.py"
    )
    parser.add_argument(
        "--data-folder", type=folder_name, help="instead of the setting DATA_FOLDER"
    )
    parser.add_argument(
        "--open-sandbox",
        nargs="*",
        metavar="NAME",
        help="serve the sandbox to other machines, which call it by an address or one of the names",
    )
    parser.add_argument("--quiet", action="store_true", help="show only warnings and failures")
    parser.add_argument(
        "--reload", action="store_true", help="restart the workers when a file changes"
    )
    parser.add_argument(
        "--login", action="store_true", help="run an identity provider at which citizens log in"
    )
    parser.add_argument(
        "--stop-with-input",
        action="store_true",
        help="stop when standard input ends, as it does when the parent process ends",
    )
    parser.add_argument(
        "--lease-seconds",
        type=float,
        default=os.environ.get("RECAPITO_LOCAL_LEASE_SECONDS", "60"),
        help="how long a killed worker's queue items stay hidden (%(default)s)",
    )
    parser.add_argument(
        "--niceness",
        type=int,
        default=os.environ.get("RECAPITO_LOCAL_NICENESS", "19"),
        help="0 to 19: background work with a higher value yields more to others (%(default)s)",
    )
    parser.add_argument(
        "--hang-seconds",
        type=int,
        default=os.environ.get("RECAPITO_LOCAL_HANG_SECONDS", "60"),
        help="a worker that does not respond for this time is replaced (%(default)s)",
    )
    parsed = parser.parse_args(arguments)
    if parsed.workers < 1 or not _MIN_LEASE_SECONDS <= parsed.lease_seconds <= _MAX_LEASE_SECONDS:
        parser.error("--workers must be 1 or more, --lease-seconds 1 to 86400")
    if not 0 <= parsed.niceness <= _MAX_NICENESS:
        parser.error(f"--niceness must be 0 to {_MAX_NICENESS}")
    if parsed.hang_seconds < 1:
        parser.error("--hang-seconds must be 1 or more")
    app_folder = parsed.app_folder.resolve()
    load_settings(app_folder)
    load_host_options(app_folder)
    if parsed.login and not is_sandbox():
        raise HostError("--login is for the sandbox alone: set IDENTITY_PROVIDERS in its place")
    if is_sandbox() and parsed.host not in LOOPBACK and parsed.open_sandbox is None:
        raise HostError(
            f"the sandbox lets everybody sign in as any citizen: to serve it on {parsed.host}, "
            "add --open-sandbox; to serve without it, set SANDBOX to false and your own secrets"
        )
    os.environ.setdefault("AZURE_FUNCTIONS_ENVIRONMENT", "Development")
    return HostArguments(
        host=parsed.host,
        port=parsed.port,
        workers=parsed.workers,
        app_folder=app_folder,
        data_folder=_data_folder(app_folder, parsed.data_folder),
        quiet=parsed.quiet,
        lease_seconds=parsed.lease_seconds,
        niceness=parsed.niceness,
        hang_seconds=parsed.hang_seconds,
        names=(parsed.host, *(parsed.open_sandbox or ())),
        reload=parsed.reload,
        login=parsed.login,
        stop_with_input=parsed.stop_with_input,
    )


def _data_folder(app_folder: Path, given: Path | None) -> Path:
    """Return the data folder. The app reads a folder of the command line from the environment."""
    if given is None:
        folder = folder_of_settings(app_folder)
    else:
        folder = given.resolve()
        os.environ["DATA_FOLDER"] = str(folder)
        if is_sandbox() and external_provider() is None:
            os.environ["CITIZEN_TOKEN_JWKS"] = str(folder / JWKS_FILE)
        if is_sandbox() and Path(os.environ.get("VOUCHER_JWKS", "")).name == AUTHORITY_JWKS_FILE:
            os.environ["VOUCHER_JWKS"] = str(folder / AUTHORITY_JWKS_FILE)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HostError(f"{folder}: the data folder cannot be created: {error.strerror}") from None
    check_private(folder)
    return folder


if __name__ == "__main__":
    sys.exit(main())
