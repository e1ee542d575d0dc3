"""A library and a clock for tests that run the host's triggers inside the test process."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, override

from infra.local.invocations.failures import Failure
from infra.local.invocations.worker_library import (
    Function,
    Inputs,
    Metadata,
    Outcome,
    WorkerLibrary,
)

type Body = Callable[[Any, Metadata], Awaitable[None]]


class ScriptedLibrary(WorkerLibrary):
    """A library that runs coroutines, because the worker library allows one app a process."""

    def __init__(self, **bodies: tuple[dict[str, Any], Body]) -> None:
        functions = [
            Function(name, name, {"name": "arg", **trigger}, ())
            for name, (trigger, _) in bodies.items()
        ]
        super().__init__(ModuleType("function_app"), functions)
        self._bodies = {name: body for name, (_, body) in bodies.items()}

    @override
    async def invoke(  # type: ignore[override]
        self, function: Function, invocation_id: str, inputs: Inputs, metadata: Metadata
    ) -> Outcome:
        try:
            await self._bodies[function.name](inputs[0][1].value, metadata)
        except ValueError as error:
            return Outcome(None, [], Failure.of(error))
        return Outcome(None, [], None)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: str = "2026-11-23T10:00:00+00:00") -> None:
        self.moment = datetime.fromisoformat(start).astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def advance(self, **step: float) -> None:
        """Move on by a timedelta's arguments."""
        self.moment += timedelta(**step)


async def until(look: Callable[[], object], seconds: float = 30) -> None:
    """Yield to the loop until the condition is true."""
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - what is looked at has no event
            await asyncio.sleep(0.005)
