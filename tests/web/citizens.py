"""Citizens of the page tests, and the calls that prepare what their pages show."""

from typing import Any, Final

from infra.local.sandbox.citizens import Sandbox
from infra.local.sandbox.seed import MANAGE_KEY, ORGANIZATION, SENDER_KEY
from tests.functions.attachments.file_calls import PDF, announced
from tests.host.host_process import HostProcess, wait_for
from tests.journeys.support import NEW_CODES
from tests.web.browser import Watched

HOSTILE: Final = "<img src=x onerror=alert(1)>"
"""A text that a page must show as it is."""
MESSAGES: Final = "/api/communication/v1/messages"
_FILES: Final = "/api/v1/attachments"
_SERVICES: Final = "/api/v1/manage/services"


def new_citizen(window: Watched, *, accepts: bool = True) -> str:
    """Return a citizen whom no other test has. `accepts`: messages, by all channels."""
    code = next(NEW_CODES)
    return Sandbox(window.base).register(code) if accepts else code


def show(window: Watched, path: str) -> None:
    """Open a page of the inbox, and wait for its heading."""
    window.page.goto(f"/inbox{path}")
    window.page.get_by_role("heading", level=1).wait_for()


def asked(window: Watched, method: str, path: str, body: Any = None) -> Any:
    """Call the API as the citizen of a window, as another app of the citizen would."""
    answer = window.page.request.fetch(
        f"{window.base}{path}",
        method=method,
        data=body,
        headers={"Recapito-CSRF": "1", "Origin": window.base},
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.body() else None


def sent(host: HostProcess, fiscal_code: str, *, key: str = SENDER_KEY, **changes: Any) -> str:
    """Send a message to a citizen; return its id."""
    content = {
        "subject": "Il nuovo regolamento",
        "markdown": "Trovi qui il nuovo regolamento della raccolta dei rifiuti, valido da "
        "lunedì in tutto il territorio.",
    }
    body = {"fiscal_code": fiscal_code, "content": content, **changes}
    answer = host.call("POST", "/api/v1/messages", body, Ocp_Apim_Subscription_Key=key)
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])


def uploaded(host: HostProcess) -> str:
    """Upload a file that a message can have; return its id."""
    key = {"Ocp_Apim_Subscription_Key": SENDER_KEY}
    id_ = str(host.call("POST", _FILES, announced(PDF), **key).json()["id"])
    octets = {**key, "Content_Type": "application/octet-stream"}
    assert host.call("PUT", f"{_FILES}/{id_}/parts/1", PDF, **octets).status < 300
    assert host.call("POST", f"{_FILES}/{id_}/completion", **key).status < 300
    path = f"{_FILES}/{id_}"
    wait_for(lambda: host.call("GET", path, **key).json()["status"] == "READY")
    return id_


def own_service(host: HostProcess, recipient: str, **changes: Any) -> tuple[str, str]:
    """Create a service that writes to one citizen and is in no catalogue; return id and key."""
    manage = {"Ocp_Apim_Subscription_Key": MANAGE_KEY}
    body = {
        "description": "Iscrizioni e avvisi.",
        "organization": {"name": "Comune di Esempio", "fiscal_code": ORGANIZATION},
        "authorized_recipients": [recipient],
        "metadata": {
            "scope": "LOCAL",
            "topic_id": 7,
            "privacy_url": "https://www.comune.example.org/privacy",
            "email": "mensa@comune.example.org",
        },
        **changes,
    }
    answer = host.call("POST", _SERVICES, body, **manage)
    assert answer.status == 201, answer.body
    id_ = str(answer.json()["id"])
    keys = host.call("GET", f"{_SERVICES}/{id_}/keys", **manage).json()
    return id_, str(keys["primary_key"])
