"""A worker's time: py-spy's samples, summed by part of the system."""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

type Parts = tuple[tuple[str, tuple[str, ...]], ...]

PARTS: Parts = (
    ("sqlite statements", ("sqlite_", "group_commit")),
    ("app: functions/", ("functions/",)),
    ("app: lib/", ("lib/use_cases", "lib/domain", "lib/repositories", "lib/composition")),
    ("worker library", ("azure_functions_runtime", "azure/functions", "werkzeug")),
    ("local host", ("infra/local",)),
    ("aiohttp", ("aiohttp", "multidict", "yarl")),
    ("json, pydantic", ("pydantic", "orjson")),
)


async def shares(pid: int, seconds: int, parts: Parts = PARTS) -> list[list[object]]:
    """Sample a process; return `[part, percent of samples]`, or why there are none."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "samples"
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("py-spy")),
            *("record", "--pid", str(pid), "--duration", str(seconds), "--rate", "200"),
            *("--format", "raw", "--output", str(output), "--nonblocking"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await process.communicate()
        if process.returncode or not output.exists():
            last = errors.decode().strip().splitlines()[-1:] or ["no samples"]
            return [[f"no profile: {last[0]}", 0.0]]
        return _summed(output.read_text(), parts)


def _summed(samples: str, parts: Parts) -> list[list[object]]:
    found: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        found[_part(stack.split(";"), parts)] += int(count)
    total = sum(found.values()) or 1
    return [[part, round(100 * count / total, 1)] for part, count in found.most_common()]


def _part(stack: list[str], parts: Parts) -> str:
    """Name the innermost part that the stack is in; extension modules count for their caller."""
    for frame in reversed(stack):
        for part, marks in parts:
            if any(mark in frame for mark in marks):
                return part
    return "event loop and the rest"
