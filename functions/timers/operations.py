"""The timer of the sweep, every 15 minutes.

The sweep queues overdue messages again and lists doubtful claims.
"""

from functions.timers.contract import Timer
from lib.composition.app import App


async def _sweep(app: App) -> None:
    await app.operations.sweep_messages()
    await app.operations.list_doubtful_claims.collect()


sweep = Timer(
    name="sweep",
    # between the ticks of dispatch_due, which run every 5 minutes
    ncrontab="0 7,22,37,52 * * * *",
    handler=_sweep,
)

TIMERS = (sweep,)
