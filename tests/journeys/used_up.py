"""Use up the calls that a key may make in five seconds."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import requests

from lib.domain.limits.allowance import DEFAULT_CALLS
from tests.journeys.support import SUBMIT, Journeys

_THREADS: Final = 8
_MOST: Final = 4 * DEFAULT_CALLS // _THREADS
"""The calls of a thread: enough for a machine so slow that the first of them count no more."""
_CHEAP: Final = f"{SUBMIT}/nobody/nothing"
"""A path that is counted, and refused before anything is read."""


def use_up(journeys: Journeys, key: str) -> None:
    """Call until the host refuses the key; another call within some seconds is refused, too."""
    with ThreadPoolExecutor(_THREADS) as threads:
        refused = list(threads.map(lambda _: _until_refused(journeys, key), range(_THREADS)))
    assert any(refused), "the key was never over its limit"


def _until_refused(journeys: Journeys, key: str) -> bool:
    headers = {"Ocp-Apim-Subscription-Key": key}
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(_MOST):
            answer = session.get(f"{journeys.base}{_CHEAP}", headers=headers, timeout=60)
            if answer.status_code == 429:
                return True
            assert answer.status_code == 400, answer.text
    return False
