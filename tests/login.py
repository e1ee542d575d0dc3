"""A citizen's way through the login screen of the sandbox, without a browser."""

import os
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests

from infra.local.provider.process import why_not

_MOST_REDIRECTS = 10


def needs_provider() -> None:
    """Skip the test where the provider cannot run, but never in CI."""
    if reason := why_not():
        if os.environ.get("CI"):
            pytest.fail(f"CI logs in at the provider, but {reason}")
        pytest.skip(f"the login is not tested here: {reason}")


def signed_in(url: str, until: str, **form: str) -> dict[str, str]:
    """Open the address, fill in the form, and follow redirects to an address that begins so.

    Return the parameters of that address, which is not called.
    """
    with requests.Session() as browser:
        answer = browser.get(url, timeout=10)
        answer = browser.post(answer.url, data=form, allow_redirects=False, timeout=10)
        for _ in range(_MOST_REDIRECTS):
            target = urljoin(answer.url, answer.headers["location"])
            if target.startswith(until):
                return dict(parse_qsl(urlsplit(target).query))
            answer = browser.get(target, allow_redirects=False, timeout=10)
    raise AssertionError(f"no way led to {until}")
