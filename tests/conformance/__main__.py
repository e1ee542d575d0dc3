"""`make contract`: hold a running host against an OpenAPI document, 2.0 or 3.

Each operation is called with requests that the document allows. Exit status 1: an answer differs
from the document. 2: no operation could be called with success, so the run says nothing.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from infra.local.errors import HostError
from tests.conformance.callers import Caller, SandboxCaller, is_sandbox
from tests.conformance.document import Document
from tests.conformance.report import report
from tests.conformance.trials import Trials
from tests.load.servers import Server

NUMBER = 5


def main(arguments: list[str] | None = None) -> int:
    """Read the options, call the host, and print what came of it."""
    options = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            document = Document(options.spec, folder)
            with _host(options.base or document.base_path, folder / "host") as base:
                trials = Trials(base, document, _caller(base, options), options.number)
                return report(trials.run(), complete=options.complete)
    except HostError as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make contract", description=__doc__)
    parser.add_argument("spec", help="the document: a path or a web address, YAML or JSON")
    parser.add_argument(
        "--base",
        help="the address that stands before its paths; a path alone, or nothing, starts a host "
        "of its own (its own path by default)",
    )
    parser.add_argument("--headers", default="", help="NAME: VALUE|NAME: VALUE, for each request")
    parser.add_argument(
        "--values",
        type=Path,
        help="a YAML file of values by parameter; `third-party-messages/id` and "
        "`getMessage/id` are for one place, or one operation",
    )
    parser.add_argument(
        "--number", type=int, default=NUMBER, help="made-up requests an operation (%(default)s)"
    )
    parser.add_argument(
        "--complete", action="store_true", help="fail too where an operation had no success"
    )
    return parser


@contextmanager
def _host(base: str, folder: Path) -> Iterator[str]:
    """Yield the address before the document's paths; start a host for a path alone."""
    if base.startswith(("http://", "https://")):
        yield base.rstrip("/")
    elif base.startswith("/") or not base:
        with Server(folder, workers=1) as server:
            yield f"{server.url}{base}".rstrip("/")
    else:
        raise HostError(f"{base} is no address: BASE=http://127.0.0.1:7071/api/v1, or a path alone")


def _caller(base: str, options: argparse.Namespace) -> Caller:
    pairs = (text.partition(":") for text in options.headers.split("|") if text)
    headers = {name.strip(): value.strip() for name, _, value in pairs}
    values = yaml.safe_load(options.values.read_text()) if options.values else {}
    parts = urlsplit(base)
    root = f"{parts.scheme}://{parts.netloc}"
    return SandboxCaller(root, headers, values) if is_sandbox(root) else Caller(headers, values)


if __name__ == "__main__":
    sys.exit(main())
