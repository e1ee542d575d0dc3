"""Show a batch to a person: its check, its problems, and its result files."""

from collections.abc import Iterable, Sequence
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
        _show_counts(screen, "outcome", counts, "reason", "problem")
    if check.estimate is not None:
        screen.say("estimate", time=_in_words(check.estimate.seconds))
    columns = ", ".join(check.source.unused_payment_columns) if check.source is not None else ""
    for doubt in check.doubts:
        known = screen.meaning(doubt, "doubt").format(columns=columns)
        screen.say("doubt", doubt=known or doubt)


def show_problems(screen: Screen, batches: Batches, batch: Batch, path: Path) -> None:
    """Show the first problems of a list, and write all of them into a file."""
    if batch.check is None or not batch.check.wrong:
        return
    found = batches.problems(batch.id)
    screen.facts["problems"] = [as_facts(one) for one in found]
    screen.table(
        ("line", "field", "rule"),
        (
            (one.line, one.field, f"{screen.rule(one.code, one.message)} {one.shape}".strip())
            for one in found[:SHOWN]
        ),
    )
    written = batches.download_problems(batch.id, path)
    screen.facts["files"] = [str(written)]
    screen.say("more_problems", wrong=batch.check.wrong, path=written)


def show_batch(screen: Screen, batch: Batch) -> None:
    """Show the status of a batch, its outcomes and its reasons."""
    screen.facts["batch"] = as_facts(batch)
    meaning = screen.meaning(batch.status, "status")
    status = f"{batch.status} ({meaning})" if meaning else batch.status
    screen.say("batch_line", id=batch.id, status=status)
    if batch.withdrawal is not None:
        screen.say("recall_reason", reason=batch.withdrawal.reason)
    progress = batch.progress
    if progress is not None:
        screen.line(f"{progress.done}/{progress.total} ({progress.percent} %)")
        if progress.outcomes:
            _show_counts(screen, "outcome", progress.outcomes.items(), "outcome")
        if progress.reasons:
            _show_counts(screen, "reason", progress.reasons.items(), "reason")
    elif batch.check is not None:
        show_check(screen, batch.check)
    _show_next(screen, batch)


def _show_next(screen: Screen, batch: Batch) -> None:
    """Show what the batch waits for, and what the user can do."""
    match batch.status:
        case BatchStatus.TO_APPROVE:
            screen.say("to_approve")
            screen.say("to_follow", id=batch.id)
        case BatchStatus.SCHEDULED:
            screen.say("scheduled", at=batch.start_at)
            screen.say("to_follow", id=batch.id)
        case BatchStatus.PAUSED:
            screen.say("paused", id=batch.id)
        case BatchStatus.WITHDRAWING:
            screen.say("to_follow_recall", id=batch.id)
    failed = failed_rows(batch)
    if failed:
        screen.say("failed_rows", failed=failed, id=batch.id)
    kept = kept_rows(batch)
    if kept:
        screen.say("kept_rows", kept=kept)


def failed_rows(batch: Batch) -> int:
    """Return how many rows failed and can be tried again; none of a batch that was recalled."""
    return 0 if batch.withdrawal is not None else _rows_with(batch, "FAILED")


def kept_rows(batch: Batch) -> int:
    """Return how many messages of a recalled batch were not withdrawn."""
    return _rows_with(batch, "NOT_WITHDRAWN")


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
    tell_files(screen, paths)


def tell_files(screen: Screen, paths: Sequence[Path]) -> None:
    """Name the files that were written."""
    screen.facts["files"] = [str(one) for one in paths]
    screen.say("files", paths=", ".join(map(str, paths)))


def named(base: Path, kind: str) -> Path:
    """Return the path of a result file: `tari.results.csv` beside `tari.csv`."""
    return base.with_name(f"{base.stem}.{kind}.csv")


def _rows_with(batch: Batch, outcome: str) -> int:
    return 0 if batch.progress is None else batch.progress.outcomes.get(outcome, 0)


def _show_counts(
    screen: Screen, heading: str, counts: Iterable[tuple[str, int]], *kinds: str
) -> None:
    screen.table(
        (heading, "count", "meaning"),
        ((code, count, screen.meaning(code, *kinds)) for code, count in counts),
    )


def _show_source(screen: Screen, source: Source) -> None:
    delimiter = screen.text("delimiter", delimiter=source.delimiter) if source.delimiter else ""
    screen.say("list_form", form=source.form, encoding=source.encoding, delimiter=delimiter)
    unused = [one[0] for one in source.columns if len(one) > 1 and not one[1]]
    if unused:
        screen.say("unused", columns=", ".join(unused))
    problem = source.problem
    if problem is None:
        return
    rule = screen.file_rule(problem.code, problem.message)
    if problem.line:
        screen.say("unreadable", line=problem.line, message=rule)
    else:
        screen.say("unreadable_whole", message=rule)


def _in_words(seconds: int) -> str:
    """Return a time as `3 h 20 min`, `4 min` or `12 s`."""
    if seconds < _MINUTE:
        return f"{seconds} s"
    hours, minutes = divmod(-(-seconds // _MINUTE), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
