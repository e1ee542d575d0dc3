"""`recapito recall`: withdraw all messages of a batch, and follow that to its end."""

import shlex
from argparse import Namespace
from pathlib import Path

from recapito.cli.exits import DONE, REFUSED, UsageError
from recapito.cli.reports import kept_rows, named, show_batch, tell_files
from recapito.cli.screen import Screen
from recapito.client import Recapito
from recapito.models.batches import Batch, BatchStatus


def recall(client: Recapito, options: Namespace, screen: Screen) -> int:
    """Run the command; return its exit code.

    Without --confirm nothing is withdrawn. A batch that was recalled before is followed, so an
    interrupted command is run again.
    """
    batch = client.batches.read(options.batch)
    is_new = batch.withdrawal is None
    if is_new and not options.reason:
        raise UsageError("no_reason")
    if is_new and not options.confirm:
        return _shown(batch, options, screen)
    screen.batch, screen.goes_on = batch.id, "recall_goes_on"
    if is_new:
        batch = client.batches.withdraw(batch.id, options.reason)
    with screen.bar("withdrawing", batch.check.good if batch.check else None) as bar:
        for now in client.batches.follow(batch.id):
            bar.shows(now)
            batch = now
    show_batch(screen, batch)
    if batch.expired_at is None:
        path = named(Path(batch.id), "results")
        tell_files(screen, [client.batches.download_results(batch.id, path)])
    return DONE if batch.status is BatchStatus.WITHDRAWN and not kept_rows(batch) else REFUSED


def _shown(batch: Batch, options: Namespace, screen: Screen) -> int:
    """Show what would be withdrawn, and by which command."""
    show_batch(screen, batch)
    screen.say("nothing_withdrawn")
    screen.say("to_withdraw")
    words = ["recapito", "recall", batch.id, "--reason", options.reason, "--confirm"]
    screen.line(f"  {shlex.join(words)}")
    return DONE
