"""`make citizens COUNT=1000`: give a running sandbox many citizens, over its public endpoints."""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from string import ascii_uppercase
from typing import Any, Final

import requests

from infra.local.errors import HostError
from infra.local.settings.option_values import MAX_PORT, whole
from lib.domain.shared.check_characters import check_character

MAX_CITIZENS: Final = 26**4
_PARALLEL: Final = 8
_PROFILE: Final[dict[str, Any]] = {
    "version": 0,
    "is_inbox_enabled": True,
    "is_email_enabled": True,
    "is_webhook_enabled": True,
    "accepted_tos_version": 1,
    "push_notifications_content_type": "FULL",
    "reminder_status": "ENABLED",
    "service_preferences_settings": {"mode": "AUTO"},
    "preferred_languages": ["it_IT"],
}


def fiscal_codes() -> Iterator[str]:
    """Yield made-up fiscal codes with their check character."""
    for letters in product(ascii_uppercase, repeat=4):
        code = f"ZZ{''.join(letters)}80A01H501"
        yield code + check_character(code)


class Sandbox:
    """A running sandbox at a base address, called over its public endpoints."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False

    def register(self, fiscal_code: str) -> str:
        """Give a citizen a profile that accepts everything. A repeated call changes nothing."""
        body = {"fiscal_code": fiscal_code}
        answer = self._session.post(f"{self._base}/sandbox/token", json=body, timeout=60)
        answer.raise_for_status()
        made = self._session.post(
            f"{self._base}/api/identity/v1/profile",
            json=_PROFILE,
            headers={"Authorization": f"Bearer {answer.json()['token']}"},
            timeout=10,
        )
        if made.status_code not in {requests.codes.ok, requests.codes.conflict}:
            made.raise_for_status()
        return fiscal_code


def main() -> int:
    """Create citizens and print the fiscal code of each when it is ready."""
    parser = argparse.ArgumentParser(prog="make citizens", description=__doc__)
    count, port = whole("COUNT", 1, MAX_CITIZENS), whole("PORT", 1, MAX_PORT)
    parser.add_argument("--count", type=count, default=100, help="how many (%(default)s)")
    parser.add_argument("--port", type=port, default=7071, help="of the host (%(default)s)")
    try:
        options = parser.parse_args()
    except HostError as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    base = f"http://127.0.0.1:{options.port}"
    sandbox = Sandbox(base)
    try:
        with ThreadPoolExecutor(_PARALLEL) as pool:
            for code in pool.map(sandbox.register, islice(fiscal_codes(), options.count)):
                sys.stdout.write(f"{code}\n")
    except requests.RequestException as error:
        sys.stderr.write(
            f"recapito: {base} did not answer as a sandbox should ({type(error).__name__}): "
            "is `make run` up? For another port: make citizens PORT=…\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
