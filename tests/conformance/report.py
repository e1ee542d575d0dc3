"""Prints what became of each operation, and the sums."""

import sys
from collections.abc import Iterable, Iterator

from tests.conformance.trials import Trial

_INDENT = " " * 12


def report(trials: Iterable[Trial], *, complete: bool) -> int:
    """Print; return the exit status of a run. `complete`: each operation must have a success."""
    done = []
    for trial in trials:
        done.append(trial)
        sys.stdout.write("".join(f"{line}\n" for line in _lines(trial)))
        sys.stdout.flush()
    differing = sum(bool(one.differences) for one in done)
    silent = sum(not one.differences and not one.has_success for one in done)
    successful = sum(one.has_success for one in done)
    sys.stdout.write(
        f"{len(done)} operations: {len(done) - differing - silent} answered as the document says, "
        f"{differing} differ, {silent} could not be called; {successful} got a success\n"
    )
    if differing or (complete and successful < len(done)):
        return 1
    return 0 if successful else 2


def _lines(trial: Trial) -> Iterator[str]:
    verdict = "differs" if trial.differences else "ok" if trial.has_success else "not called"
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(trial.statuses.items()))
    yield f"{verdict:<10}  {trial.label}  {answers}"
    for text, request in trial.differences.items():
        yield f"{_INDENT}{text}"
        yield f"{_INDENT}  sent: {request}"
    if not trial.differences and not trial.has_success:
        if trial.fault:
            yield f"{_INDENT}{trial.fault}"
        for status, text in trial.refusals.items():
            yield f"{_INDENT}{status}: {text}"
