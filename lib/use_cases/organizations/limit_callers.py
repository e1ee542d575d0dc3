"""Limit the applications and the wrong codes of one network address."""

from typing import Final

from lib.domain.identity.errors import TooManyFailuresError
from lib.domain.organizations.errors import TooManyApplicationsError
from lib.use_cases.identity.failed_calls import FailedCalls

MOST: Final = 20
SECONDS: Final = 600


class LimitCallers:
    """Admit MOST calls of an address in SECONDS, in each process. Cost: none."""

    def __init__(self) -> None:
        self._calls = FailedCalls(MOST, SECONDS)

    def __call__(self, address: str | None) -> None:
        """Count a call. Raise TooManyApplicationsError."""
        try:
            self._calls.admit(address)
        except TooManyFailuresError as error:
            raise TooManyApplicationsError(error.seconds) from None
