"""The console in tests: sign-in with keys of the sandbox, and calls of the API beside the pages."""

import re
from typing import Any, Final

from infra.local.sandbox.seed import OPERATOR_KEY
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import Watched

LETTERS: Final = "/api/operations/v1/dead-letters/erasure-due"
"""The dead letters of the erasures of citizens."""


def sign_in(window: Watched, key: str) -> None:
    """Give a key to the browser, as the sign-in page does."""
    answer = window.page.request.post(
        f"{window.base}/api/console/v1/keys",
        data={"key": key},
        headers={"Origin": window.base, "Recapito-CSRF": "1"},
    )
    assert answer.ok, answer.text()


def call(host: HostProcess, method: str, path: str, key: str, body: Any = None) -> Any:
    """Call the API with a key; return the JSON of the answer, None without one."""
    answer = host.call(method, path, body, ocp_apim_subscription_key=key)
    assert answer.status < 300, answer.body
    return answer.json() if answer.body else None


def code_of(host: HostProcess, application: str) -> str:
    """Return the code that the digital domicile got."""

    def look() -> list[str]:
        sent = host.call("GET", f"/sandbox/notifications?message_id={application}").body.decode()
        return re.findall(r"[0-9A-Z]{26}-[0-9a-f]{32}", sent)

    return str(wait_for(look, 30)[0])


def bury(host: HostProcess, letters: str, poison: str, *items: str) -> list[str]:
    """Let items fail for ever; return the ids of the dead letters."""
    for item in items:
        host.call("POST", f"/admin/functions/{poison}", {"input": item})

    def look() -> list[str]:
        found = call(host, "GET", letters, OPERATOR_KEY)["items"]
        return [one["id"] for one in found] if len(found) == len(items) else []

    return wait_for(look)
