"""The contract of a timer: one declaration gives its trigger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lib import telemetry
from lib.composition.app import App
from lib.ports.errors import UnavailableError
from lib.telemetry.faults import describe


class FailedTickError(Exception):
    """The tick failed. The text gives the error's type and place."""


@dataclass(frozen=True, slots=True)
class Timer:
    """Runs a function at fixed times.

    `name`: the name of the Azure function. `ncrontab`: the times in UTC, with seconds.

    Concurrency: one tick at a time, on one instance. A missed tick runs once, late.
    """

    name: str
    ncrontab: str
    handler: Callable[[App], Awaitable[object]]

    @property
    def entry(self) -> dict[str, str]:
        """The entry of the timer in functions/index.json."""
        return {"name": self.name, "ncrontab": self.ncrontab}

    async def tick(self, app: App) -> None:
        """Run the function once. The next tick makes up for a failed tick.

        Raises: UnavailableError, FailedTickError. The platform logs them.
        """
        with app.telemetry.tick(self.name):
            try:
                await self.handler(app)
            except UnavailableError as error:
                telemetry.failed(error)
                raise
            except Exception as error:  # noqa: BLE001 - raised again below
                telemetry.failed(error)
                # the platform logs the error's text, which may name a citizen
                raise FailedTickError(describe(error)) from None
