"""Run the emulators of the Azure stack on loopback: Azurite and a Cosmos DB server, from npm."""

import base64
import contextlib
import os
import re
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from infra.local.errors import HostError
from infra.local.node.program import node_fault, node_program

START_SECONDS: Final = 30
STOP_SECONDS: Final = 5
ACCOUNT: Final = "sandbox"
STORAGE_KEY: Final = base64.b64encode(b"sandbox-storage-key").decode()
COSMOS_KEY: Final = base64.b64encode(b"sandbox-cosmos-key").decode()

_FOLDER: Final = Path(__file__).parent
NODE_MODULES: Final = _FOLDER.parent / "node_modules"
_LISTENING: Final = re.compile(
    r"(?:Azurite (?P<name>\w+) service is successfully listening at|Ready to accept HTTP "
    r"connections at) \S*?:?(?P<port>\d+)\s*$"
)


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of the emulators on 127.0.0.1; 0 = any free port."""

    cosmos: int = 0
    blob: int = 0
    queue: int = 0
    table: int = 0


DEFAULT_PORTS: Final = Ports(cosmos=8081, blob=10000, queue=10001, table=10002)
"""The ports of local.settings.example.json."""


def why_not() -> str:
    """Return the reason why the emulators cannot run here, or ""."""
    if reason := node_fault():
        return reason
    if not (NODE_MODULES / "azurite").is_dir():
        return "the npm packages are not installed (make _node-set)"
    return ""


class Emulators:
    """Both emulators as child processes that keep data in memory; a context manager."""

    def __init__(self, ports: Ports = Ports()) -> None:
        self._wanted_ports = ports
        self._ports: dict[str, int] = {}
        self._processes: list[subprocess.Popen[str]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="recapito-emulators-")

    def __enter__(self) -> Self:
        """Start the emulators and wait until they listen.

        Raises: HostError.
        """
        if reason := why_not():
            raise HostError(f"the emulators cannot run: {reason}")
        wanted = self._wanted_ports
        options = (
            f"--blobPort {wanted.blob} --queuePort {wanted.queue} --tablePort {wanted.table} "
            "--silent --inMemoryPersistence --skipApiVersionCheck --disableTelemetry"
        )
        azurite = NODE_MODULES / "azurite/dist/src/azurite.js"
        cosmos = NODE_MODULES / "@vercel/cosmosdb-server/lib/cli.js"
        try:
            self._start(azurite, *options.split())
            patches = ("--require", str(_FOLDER / "cosmos-emulator.cjs"))
            self._start(
                cosmos, "--no-ssl", "--host", "127.0.0.1", "-p", str(wanted.cosmos), node=patches
            )
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        """Stop the emulators by their process ids."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
        self._folder.cleanup()

    @property
    def ports(self) -> Ports:
        """Return the ports of the emulators."""
        return Ports(**self._ports)

    def settings(self, ports: Ports | None = None) -> dict[str, str]:
        """Return the app's settings for the emulators, or for proxies at other ports."""
        used = ports or self.ports
        storage = {
            "DefaultEndpointsProtocol": "http",
            "AccountName": ACCOUNT,
            "AccountKey": STORAGE_KEY,
            "BlobEndpoint": f"http://127.0.0.1:{used.blob}/{ACCOUNT}",
            "QueueEndpoint": f"http://127.0.0.1:{used.queue}/{ACCOUNT}",
            "TableEndpoint": f"http://127.0.0.1:{used.table}/{ACCOUNT}",
        }
        return {
            "STACK": "azure",
            "COSMOS_ENDPOINT": f"http://127.0.0.1:{used.cosmos}",
            "COSMOS_KEY": COSMOS_KEY,
            "AzureWebJobsStorage": ";".join(f"{name}={value}" for name, value in storage.items()),
        }

    def _start(self, script: Path, *arguments: str, node: tuple[str, ...] = ()) -> None:
        process = subprocess.Popen(
            [
                node_program() or "node",
                "--require",
                str(_FOLDER / "die-with-parent.cjs"),
                *node,
                str(script),
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._folder.name,
            env={**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{STORAGE_KEY}"},
            # Ctrl-C in a terminal goes to the parent only, which stops the emulators in order.
            start_new_session=True,
        )
        self._processes.append(process)
        wanted = {"blob", "queue", "table"} if script.name == "azurite.js" else {"cosmos"}
        output: list[str] = []
        settled = threading.Event()

        def read() -> None:
            for line in process.stdout or ():
                if match := _LISTENING.search(line):
                    self._ports[(match["name"] or "cosmos").lower()] = int(match["port"])
                    if wanted <= self._ports.keys():
                        settled.set()
                elif not settled.is_set():
                    output.append(line.strip())
            settled.set()

        threading.Thread(target=read, daemon=True).start()
        if not settled.wait(START_SECONDS) or not wanted <= self._ports.keys():
            raise HostError(f"{script.stem} did not start: {'; '.join(output[-3:]) or 'no answer'}")
