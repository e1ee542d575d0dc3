"""The other side of an inbox: administrations that write, and a node that reports payments."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import requests

from infra.local.sandbox.citizens import Sandbox
from infra.local.sandbox.seed import SENDER_KEY
from tests.host.host_process import HostProcess, wait_for
from tests.journeys.support import NEW_CODES

TEXT: Final = (
    "È disponibile la prima rata della tassa sui rifiuti: trovi qui importo, scadenza e modalità "
    "di pagamento."
)
PAYEE: Final = "01234567890"
_MANAGE: Final = "sandbox-manage-key"
_PAYMENTS: Final = "sandbox-payments-key"


class Office:
    """An administration that writes to citizens of a sandbox.

    `register` gives a citizen a profile that accepts everything. `citizens`: new ones with such a
    profile, for tests that need an inbox of their own.
    """

    def __init__(self, host: HostProcess) -> None:
        self._host = host
        self._remote = f"http://127.0.0.1:{host.port}/sandbox/remote-content"
        self.register = Sandbox(f"http://127.0.0.1:{host.port}").register
        self.citizens = map(self.register, NEW_CODES)

    def call(self, method: str, path: str, body: Any = None, key: str = SENDER_KEY) -> Any:
        """Call the API with a key; fail for a refusal."""
        headers = {"Ocp_Apim_Subscription_Key": key, "Content_Type": "application/json"}
        if isinstance(body, bytes):
            headers["Content_Type"] = "application/octet-stream"
        answer = self._host.call(method, path, body, **headers)
        assert answer.status < 300, answer.body
        return answer.json() if answer.body else None

    def now(self) -> datetime:
        """Return the sandbox's time."""
        answer = self._host.call("GET", "/sandbox/clock")
        return datetime.fromisoformat(answer.json()["now"])

    def advance(self, step: str) -> None:
        """Move the sandbox's clock by a duration such as P2D."""
        answer = self._host.call(
            "POST", "/sandbox/clock", {"advance": step}, Content_Type="application/json"
        )
        assert answer.status == 200, answer.body

    def send(self, fiscal_code: str, subject: str, markdown: str = TEXT, **more: Any) -> str:
        """Send a message; return its id. `due_in`: in days; `pays`: a notice number.

        `content`: more members of the content; any other name is a member of the body.
        """
        content: dict[str, Any] = {"subject": subject, "markdown": markdown}
        if (days := more.pop("due_in", None)) is not None:
            due = self.now().astimezone(UTC) + timedelta(days=days)
            content["due_date"] = due.strftime("%Y-%m-%dT12:00:00Z")
        if notice := more.pop("pays", None):
            content["payment_data"] = {"amount": 8450, "notice_number": notice}
        content |= more.pop("content", {})
        body = {"fiscal_code": fiscal_code, "content": content, **more}
        return str(self.call("POST", "/api/v1/messages", body)["id"])

    def is_paid(self, notice_number: str) -> None:
        """Report a payment, as pagoPA's side does."""
        body = {
            "event_id": f"paid-{notice_number}",
            "occurred_at": self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "outcome": "PAID",
            "amount_cents": 8450,
        }
        self.call("PUT", f"/api/payments/v1/payments/{PAYEE}{notice_number}", body, _PAYMENTS)

    def upload(self, name: str, content: bytes) -> str:
        """Upload a file for a message; return its id."""
        body = {
            "name": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        id_ = str(self.call("POST", "/api/v1/attachments", body)["id"])
        self.call("PUT", f"/api/v1/attachments/{id_}/parts/1", content)
        self.call("POST", f"/api/v1/attachments/{id_}/completion")
        path = f"/api/v1/attachments/{id_}"
        wait_for(lambda: self.call("GET", path)["status"] == "READY")
        return id_

    def paper(self) -> bytes:
        """Return a PDF document."""
        answer = requests.get(
            f"{self._remote}/messages/1/allegati/1.pdf",
            headers={"X-Api-Key": "sandbox-remote-content-key", "fiscal_code": "-"},
            timeout=60,
        )
        assert answer.ok, answer.text
        return answer.content

    def keeps_content(self, precondition: str) -> str:
        """Return a configuration of content that stays with the sender."""
        authentication = {
            "header_key_name": "X-Api-Key",
            "key": "sandbox-remote-content-key",
            "type": "API-KEY",
        }
        body = {
            "name": "Fascicolo",
            "description": "Prova",
            "has_precondition": precondition,
            "is_lollipop_enabled": False,
            "disable_lollipop_for": [],
            "prod_environment": {
                "base_url": self._remote,
                "details_authentication": authentication,
            },
        }
        path = "/api/v1/messages-sending/remote-contents/configurations"
        return str(self.call("POST", path, body, _MANAGE)["configuration_id"])
