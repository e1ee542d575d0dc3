"""Read, change and write again after a lost race."""

import asyncio

import pytest

from lib.ports.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    PortError,
    PreconditionFailedError,
    UnavailableError,
)
from lib.repositories.shared.optimistic import MAX_ATTEMPTS, until_written


class _Rival:
    """An attempt whose first writes fail, because another call wrote before."""

    def __init__(self, *failures: PortError) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "written"


async def test_a_write_that_succeeds_is_made_once() -> None:
    """Nothing is read or written a second time."""
    attempt = _Rival()

    assert await until_written("a document", attempt) == "written"
    assert attempt.calls == 1


@pytest.mark.parametrize("lost", [ConflictError, NotFoundError, PreconditionFailedError])
async def test_a_lost_race_is_run_again(lost: type[PortError]) -> None:
    """Created, deleted or changed meanwhile: the attempt reads anew."""
    attempt = _Rival(lost(), lost())

    assert await until_written("a document", attempt) == "written"
    assert attempt.calls == 3


async def test_the_last_attempt_counts() -> None:
    """One failure less than the limit is no error."""
    attempt = _Rival(*(PreconditionFailedError() for _ in range(MAX_ATTEMPTS - 1)))

    assert await until_written("a document", attempt) == "written"


async def test_a_call_that_always_loses_is_told_to_come_again() -> None:
    """The error is the port's, names the document's kind, and says when to come again."""
    attempt = _Rival(*(PreconditionFailedError() for _ in range(MAX_ATTEMPTS)))

    with pytest.raises(UnavailableError, match="a document is being changed too often") as raised:
        await until_written("a document", attempt)

    assert raised.value.retry_after == 1
    assert attempt.calls == MAX_ATTEMPTS


@pytest.mark.parametrize("error", [UnavailableError("away"), LimitError("too big"), PortError()])
async def test_other_errors_are_raised_at_once(error: PortError) -> None:
    """After an outage the queue's delay or the caller tries again."""
    attempt = _Rival(error)

    with pytest.raises(type(error)):
        await until_written("a document", attempt)
    assert attempt.calls == 1


async def test_no_attempt_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """With several writers one succeeds each time, so that a pause would only cost time."""

    async def no_sleep(_: float) -> None:
        pytest.fail("the helper slept")

    monkeypatch.setattr(asyncio, "sleep", no_sleep)
    attempt = _Rival(*(ConflictError() for _ in range(MAX_ATTEMPTS - 1)))

    await until_written("a document", attempt)
