"""Text from outside in the errors of ports."""

import pytest

from functions.http.contract.problems import unavailable
from lib.ports.errors import MAX_RETRY_AFTER, UnavailableError


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (None, None),
        (0, None),
        (-1, None),
        (float("nan"), None),
        (-float("inf"), None),
        (1.5, 1.5),
        (float("inf"), MAX_RETRY_AFTER),
        (10**400, MAX_RETRY_AFTER),
    ],
    ids=["none", "0", "-1", "NaN", "-Infinity", "1.5", "Infinity", "10^400"],
)
def test_how_long_to_wait_is_a_number_that_a_clock_can_wait(
    asked: float | None, kept: float | None
) -> None:
    """The answer to the caller has whole seconds, whatever Retry-After of the service is."""
    error = UnavailableError("away", retry_after=asked)

    assert error.retry_after == kept
    assert int(unavailable(error.retry_after).headers["Retry-After"]) >= 1
