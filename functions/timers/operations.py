"""The timer of the sweep, every 15 minutes.

The sweep queues overdue messages and lost steps of batches again, deletes files of batches whose
time has come, lists doubtful claims, empties citizens' bins, and encrypts senders' secrets anew
while the app's secret for them is being replaced.
"""

from functions.timers.contract import Timer
from lib.composition.app import App


async def _sweep(app: App) -> None:
    await app.operations.sweep_messages()
    await app.operations.list_doubtful_claims.collect()
    await app.remote_content.reseal_secrets()
    await app.batches.wake()
    await app.batches.expire()
    await app.inbox.empty_bins()


sweep = Timer(
    name="sweep",
    # between the ticks of dispatch_due, which run every 5 minutes
    ncrontab="0 7,22,37,52 * * * *",
    handler=_sweep,
)

TIMERS = (sweep,)
