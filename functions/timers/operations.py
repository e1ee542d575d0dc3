"""The timer of the sweep, every 15 minutes.

The sweep does these things:

- It queues overdue messages and lost steps of batches again, and lists doubtful claims.
- It deletes messages whose time has passed, messages in full bins, files of batches whose time has
  passed, and files that belong to no message.
- It ends requests for certificates that no service answered.
- It encrypts senders' secrets again while the app's secret for them is being replaced.
"""

from collections.abc import Awaitable, Callable

from functions.timers.contract import Timer
from lib.composition.app import App
from lib.ports.errors import UnavailableError


async def _sweep(app: App) -> None:
    """Take all steps, and raise the first fault then: it must not keep what is due from its end."""
    steps: tuple[Callable[[], Awaitable[object]], ...] = (
        app.operations.sweep_messages,
        app.operations.list_doubtful_claims.collect,
        app.remote_content.reseal_secrets,
        app.batches.wake,
        app.batches.expire,
        app.inbox.empty_bins,
        app.personal_data.expire_messages,
        app.documents.sweep_attachments,
        app.certificates.expire,
    )
    faults: list[Exception] = []
    for step in steps:
        try:
            await step()
        except UnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - raised after the other steps
            faults.append(fault)
    if faults:
        raise faults[0]


sweep = Timer(
    name="sweep",
    # between the ticks of dispatch_due, which run every 5 minutes
    ncrontab="0 7,22,37,52 * * * *",
    handler=_sweep,
)

TIMERS = (sweep,)
