"""The sweep, each quarter of an hour: overdue messages are queued again, doubtful claims listed."""

from functions.timers.contract import Timer
from lib.composition.app import App


async def _sweep(app: App) -> None:
    await app.operations.sweep_messages()
    await app.operations.list_doubtful_claims.collect()


sweep = Timer(
    name="sweep",
    # beside the ticks of the schedule
    schedule="0 7,22,37,52 * * * *",
    handler=_sweep,
)

TIMERS = (sweep,)
