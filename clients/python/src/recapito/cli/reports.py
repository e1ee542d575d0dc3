"""Show a batch to a person: its check, its problems, and its result files."""

from pathlib import Path

from recapito.calls.batches import Batches
from recapito.cli.screen import Screen, as_facts
from recapito.models.batches import Batch, BatchStatus, Check, Source

_MINUTE = 60
SHOWN = 10
"""The most problems on the screen."""


def show_check(screen: Screen, check: Check) -> None:
    """Show what was found in a list."""
    if check.source is not None:
        _show_source(screen, check.source)
        if check.source.problem is not None:
            return
    screen.say("rows", rows=check.rows, good=check.good, wrong=check.wrong)
    counts = sorted(check.counts.items(), key=lambda one: -one[1])
    if counts:
        screen.table(("outcome", "count"), counts)
    if check.estimate is not None:
        screen.say("estimate", time=_in_words(check.estimate.seconds))
    columns = ", ".join(check.source.unused_payment_columns) if check.source is not None else ""
    for doubt in check.doubts:
        known = f"doubt_{doubt}"
        try:
            screen.say(known, columns=columns)
        except KeyError:
            screen.say("doubt_other", doubt=doubt)


def show_problems(screen: Screen, batches: Batches, batch: Batch, path: Path) -> None:
    """Show the first problems of a list, and write all of them into a file."""
    if batch.check is None or not batch.check.wrong:
        return
    found = batches.problems(batch.id)
    screen.facts["problems"] = [as_facts(one) for one in found]
    screen.table(
        ("line", "field", "rule"),
        (
            (one.line, one.field, f"{screen.problem(one.code, one.message)} {one.shape}".strip())
            for one in found[:SHOWN]
        ),
    )
    written = batches.download_problems(batch.id, path)
    screen.facts["files"] = [str(written)]
    screen.say("more_problems", wrong=batch.check.wrong, path=written)


def show_batch(screen: Screen, batch: Batch) -> None:
    """Show the status of a batch, its outcomes and its reasons."""
    screen.facts["batch"] = as_facts(batch)
    screen.say("batch_line", id=batch.id, status=batch.status)
    progress = batch.progress
    if progress is not None:
        screen.line(f"{progress.done}/{progress.total} ({progress.percent} %)")
        if progress.outcomes:
            screen.table(("outcome", "count"), progress.outcomes.items())
        if progress.reasons:
            screen.table(("reason", "count"), progress.reasons.items())
    elif batch.check is not None:
        show_check(screen, batch.check)
    match batch.status:
        case BatchStatus.TO_APPROVE:
            screen.say("to_approve")
            screen.say("to_follow", id=batch.id)
        case BatchStatus.SCHEDULED:
            screen.say("scheduled", at=batch.start_at)
            screen.say("to_follow", id=batch.id)
        case BatchStatus.PAUSED:
            screen.say("paused", id=batch.id)
    failed = failed_rows(batch)
    if failed:
        screen.say("failed_rows", failed=failed, id=batch.id)


def failed_rows(batch: Batch) -> int:
    """Return how many rows failed by a fault of the system."""
    return 0 if batch.progress is None else batch.progress.outcomes.get("FAILED", 0)


def write_files(
    screen: Screen, batches: Batches, batch: Batch, base: Path, *, with_domiciles: bool
) -> None:
    """Write the result files of an ended batch beside its list.

    `with_domiciles`: the file of the unreached has their digital domiciles.
    """
    paths = [batches.download_results(batch.id, named(base, "results"))]
    unreached = named(base, "unreached")
    if with_domiciles:
        screen.aside("domiciles")
    paths.append(batches.download_unreached(batch.id, unreached, digital_domicile=with_domiciles))
    if batch.check is not None and batch.check.wrong:
        paths.append(batches.download_problems(batch.id, named(base, "problems")))
    screen.facts["files"] = [str(one) for one in paths]
    screen.say("files", paths=", ".join(map(str, paths)))


def named(base: Path, kind: str) -> Path:
    """Return the path of a result file: `tari.results.csv` beside `tari.csv`."""
    return base.with_name(f"{base.stem}.{kind}.csv")


def _show_source(screen: Screen, source: Source) -> None:
    delimiter = screen.text("delimiter", delimiter=source.delimiter) if source.delimiter else ""
    screen.say("list_form", form=source.form, encoding=source.encoding, delimiter=delimiter)
    unused = [one[0] for one in source.columns if len(one) > 1 and not one[1]]
    if unused:
        screen.say("unused", columns=", ".join(unused))
    problem = source.problem
    if problem is not None and problem.line:
        screen.say("unreadable", line=problem.line, message=problem.message)
    elif problem is not None:
        screen.say("unreadable_whole", message=problem.message)


def _in_words(seconds: int) -> str:
    """Return a time as `3 h 20 min`, `4 min` or `12 s`."""
    if seconds < _MINUTE:
        return f"{seconds} s"
    hours, minutes = divmod(-(-seconds // _MINUTE), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
