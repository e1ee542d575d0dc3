"""Starts the local host for a bench, on a free port and a data folder of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 300
"""The longest wait for a process. On a machine under load one may get no core for many seconds."""


class Server:
    """`python -m infra.local --quiet`; `app` is the folder of the function app to serve."""

    def __init__(
        self,
        folder: Path,
        *,
        workers: int,
        app: Path = ROOT,
        consume: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        disabled = {} if consume else {"AzureWebJobs.fan_out_message.Disabled": "true"}
        self._output = folder / "host.log"
        self.url = ""
        self.folder = folder
        arguments = ["--port", "0", "--quiet", "--workers", str(workers)]
        folders = ["--app-folder", str(app), "--data-folder", str(folder)]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local", *arguments, *folders],
                cwd=ROOT,
                env={**os.environ, "SANDBOX": "true", **disabled, **(settings or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.search(r"Ready on (http://\S+:\d+)", self._output.read_text())):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(self._output.read_text())
            time.sleep(0.05)
        self.url = found[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)

    def cpu_seconds(self) -> float:
        """Return the CPU time of all processes of the host."""
        return sum(self.cpu_by_process().values())

    def cpu_by_process(self) -> dict[int, float]:
        """Return the CPU seconds of each process of the host: the supervisor, then the workers."""
        ticks = {}
        for pid in (self.process.pid, *self.workers):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks[pid] = int(fields[11]) + int(fields[12])
        return {pid: spent / os.sysconf("SC_CLK_TCK") for pid, spent in ticks.items()}

    def memory_mb(self, name: str) -> list[int]:
        """Return a value of /proc in MB for each process of the host.

        `name`: VmHWM is the highest resident memory so far, VmRSS the present one, Pss the present
        one with a share of what several processes map.
        """
        file = "smaps_rollup" if name == "Pss" else "status"
        pids = (self.process.pid, *self.workers)
        texts = (Path(f"/proc/{pid}/{file}").read_text() for pid in pids)
        return [
            int(next(line for line in text.splitlines() if line.startswith(f"{name}:")).split()[1])
            // 1024
            for text in texts
        ]

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]
