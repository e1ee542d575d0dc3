"""The breaker leaves a service without answers alone, and not a service that refuses."""

import asyncio

import pytest

from lib.ports.errors import UnavailableError
from lib.ports.send_errors import DeferredError, NotSentError, RefusedError
from lib.use_cases.shared import breaker
from lib.use_cases.shared.breaker import FAILURES, Breaker


class Service:
    """A service that raises the given error."""

    def __init__(self) -> None:
        self.asked = 0
        self.failure: Exception | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def __call__(self) -> str:
        """Answer."""
        self.asked += 1
        await self.answers.wait()
        if self.failure is not None:
            raise self.failure
        return "answered"


async def ask(one: Breaker, service: Service) -> str:
    """Return the answer, or the name of the error."""
    try:
        return await one(service)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return type(error).__name__


@pytest.mark.parametrize("failure", [UnavailableError("no answer"), NotSentError("no connection")])
async def test_after_failures_in_a_row_the_service_is_not_called(failure: Exception) -> None:
    """The caller gets NotSentError without a call."""
    service, one = Service(), Breaker("the service")
    service.failure = failure
    for _ in range(FAILURES):
        assert await ask(one, service) == type(failure).__name__
    assert [await ask(one, service) for _ in range(5)] == ["NotSentError"] * 5
    assert service.asked == FAILURES


@pytest.mark.parametrize(
    "failure", [DeferredError("busy"), RefusedError("no"), ValueError("fault")]
)
async def test_an_answer_is_no_failure(failure: Exception) -> None:
    """A refused recipient does not delay other recipients."""
    service, one = Service(), Breaker("the service")
    for index in range(4 * FAILURES):
        service.failure = failure if index % 2 else UnavailableError("no answer")
        await ask(one, service)
    assert service.asked == 4 * FAILURES


async def test_one_trial_call_decides_whether_the_service_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other callers do not wait for that call."""
    monkeypatch.setattr(breaker, "AWAY_SECONDS", 0.05)
    service, one = Service(), Breaker("the service")
    service.failure = UnavailableError("no answer")
    for _ in range(FAILURES):
        await ask(one, service)
    await asyncio.sleep(0.06)
    service.answers.clear()
    trials = [asyncio.create_task(ask(one, service)) for _ in range(10)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert service.asked == FAILURES + 1
    service.failure = None
    service.answers.set()

    assert sorted(await asyncio.gather(*trials)) == ["NotSentError"] * 9 + ["answered"]
    assert await ask(one, service) == "answered"


async def test_a_trial_that_is_given_up_is_not_the_last() -> None:
    """A worker that stops leaves the breaker as it was."""
    service, one = Service(), Breaker("the service")
    service.failure = UnavailableError("no answer")
    for _ in range(FAILURES):
        await ask(one, service)
    one._away_until = 0
    service.answers.clear()
    trial = asyncio.create_task(ask(one, service))
    await asyncio.sleep(0)
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    service.failure, one._away_until = None, 0
    service.answers.set()

    assert await ask(one, service) == "answered"
