"""The contract of a timer: one declaration gives its trigger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import azure.functions as func

from lib import telemetry
from lib.composition.app import App
from lib.ports.errors import UnavailableError
from lib.telemetry.faults import describe


class FailedTickError(Exception):
    """The tick failed; the text says the error's type and place."""


@dataclass(frozen=True, slots=True)
class Timer:
    """Runs a function at fixed times; `name` is the Azure function's, `schedule` NCRONTAB in UTC.

    Concurrency: one tick at a time, on one instance. A missed tick runs once, late.
    """

    name: str
    schedule: str
    handler: Callable[[App], Awaitable[object]]

    def register(self, functions: func.FunctionApp, app: App) -> None:
        """Add the trigger to the Functions app."""

        async def tick(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
            await self.tick(app)

        tick.__name__ = self.name
        functions.function_name(self.name)(
            functions.timer_trigger(arg_name="timer", schedule=self.schedule, use_monitor=True)(
                tick
            )
        )

    async def tick(self, app: App) -> None:
        """Run once; raise for the platform to log. The next tick makes up for it."""
        with app.telemetry.tick(self.name):
            try:
                await self.handler(app)
            except UnavailableError as error:
                telemetry.failed(error)
                raise
            except Exception as error:  # noqa: BLE001 - raised anew
                telemetry.failed(error)
                # the platform logs the text of what is raised, and this one's may name a citizen
                raise FailedTickError(describe(error)) from None
