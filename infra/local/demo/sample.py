"""The sample of `make run`: a PA's message with a file, on its way to a citizen, and a certificate.

The message comes to inbox and phone; the certificate is offered, for the citizen to ask for it.
"""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final
from zoneinfo import ZoneInfo

import requests

from infra.local.demo.host import Screen
from infra.local.sandbox.sample_pdf import a_pdf
from infra.local.settings.options import external_provider

CITIZEN: Final = "SAMPLE00A00A000A"
"""The sample's own citizen, whose inbox has no messages of the developer."""
SENDER_KEY: Final = "sandbox-sender-key"
_SENDER: Final = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
_FILES: Final = "/api/v1/attachments"
_CHECKED: Final = frozenset({"READY", "ATTACHED"})
ARRIVE_SECONDS: Final = 10
_INBOX: Final = "/api/communication/v1/messages"
_SUBJECT: Final = "Tassa sui rifiuti, prima rata"
_CERTIFICATE: Final = "/api/v1/certificates/residenza"
_OFFER: Final = {
    "title": "Certificato di residenza",
    "description": "In carta libera, per gli usi consentiti dalla legge.",
    "fields": [{"name": "motivo", "label": "Per quale uso?"}],
    "days": 10,
}
_AHEAD: Final = timedelta(minutes=1)


class StepError(Exception):
    """A step of the sample failed; the text names the step and the fault."""


class Sample:
    """Sends one message to a running host, or shows the message that an earlier start sent."""

    def __init__(self, base: str, screen: Screen, data: str) -> None:
        self._base, self._screen, self._data = base, screen, data
        self._session = requests.Session()
        self._session.trust_env = False
        self._citizen: dict[str, str] = {}

    def show(self) -> bool:
        """Show each step, and a hint if a step fails; tell whether the message is in the inbox."""
        try:
            now = self._clock()
            if provider := external_provider():
                self._show_without_inbox(now, provider)
                return True
            self._sign_in()
            item = self._listed()
            if item is None:
                id_ = self._send(now)
                item = self._wait("inbox", "the message", lambda: self._listed(id_))
            else:
                self._screen.step("PA", "the sample message was sent by an earlier start")
            shown = (
                *("message_title", "organization_name", "due_date", "amount"),
                *("has_attachments", "is_read"),
            )
            self._screen.step(
                "inbox",
                f"GET {_INBOX} -> 200, the message is there",
                _pretty({name: item[name] for name in shown if name in item}),
            )
            push = self._wait("phone", "the push", lambda: self._captured(item["id"]))
            self._screen.step(
                "phone",
                "GET /sandbox/notifications -> 200, the push that was sent",
                _pretty({name: push[name] for name in ("title", "body") if name in push}),
            )
        except StepError as error:
            self._screen.step("hint", f"{error}; the host serves all the same")
            return False
        return True

    def _show_without_inbox(self, now: datetime, provider: str) -> None:
        """Show the submission and the push, but not the inbox, which needs the provider's token."""
        id_ = self._send(now)
        push = self._wait("phone", "the push", lambda: self._captured(id_))
        text = _pretty({name: push[name] for name in ("title", "body") if name in push})
        self._screen.step(
            "phone", "GET /sandbox/notifications -> 200, the push that was sent", text
        )
        self._screen.step("citizen", f"signs in at {provider}, whose tokens open the inbox")

    def _clock(self) -> datetime:
        """Return the sandbox's time; show how far it is ahead of the real time."""
        answer = self._call("GET", "/sandbox/clock", 200)
        now = datetime.fromisoformat(str(answer["now"]))
        ahead = now - datetime.now(UTC)
        if ahead > _AHEAD:
            whole = timedelta(minutes=ahead // _AHEAD)
            self._screen.step(
                "clock",
                f"the sandbox's clock was moved: it stands {whole} ahead, at {now:%F %H:%M} UTC",
                f"to set it back, start anew: stop, and rm -rf {self._data}",
            )
        return now

    def _sign_in(self) -> None:
        answer = self._call("POST", "/sandbox/token", 200, body={"fiscal_code": CITIZEN})
        self._citizen = {"Authorization": f"Bearer {answer['token']}"}
        self._screen.step("citizen", f"POST /sandbox/token -> signed in as {CITIZEN}")

    def _send(self, now: datetime) -> str:
        self._call("PUT", _CERTIFICATE, 200, body=_OFFER, headers=_SENDER)
        self._screen.step("PA", f"PUT {_CERTIFICATE} -> 200, citizens may ask for it")
        message = message_due(now + timedelta(days=30))
        # With the keys, a start that ends here and the next start send one message with one file.
        key = f"make-run-{message['content']['due_date']}"
        message["attachments"] = [self._file(f"{key}-file")]
        headers = {**_SENDER, "Idempotency-Key": key}
        answer = self._call("POST", "/api/v1/messages", 201, body=message, headers=headers)
        self._screen.step("PA", "POST /api/v1/messages -> 201 Created", _pretty(answer))
        return str(answer["id"])

    def _file(self, key: str) -> str:
        """Upload the file of the message, wait for its check, and return its id."""
        content = a_pdf()
        digest = hashlib.sha256(content).hexdigest()
        file = {"name": "avviso.pdf", "size": len(content), "sha256": digest}
        headers = {**_SENDER, "Idempotency-Key": key}
        id_ = self._call("POST", _FILES, 201, body=file, headers=headers)["id"]
        path = f"{_FILES}/{id_}"
        if not self._is_checked(path):
            self._call("PUT", f"{path}/parts/1", 200, content=content, headers=_SENDER)
            self._call("POST", f"{path}/completion", 202, headers=_SENDER)
            self._wait("PA", "the check of the file", lambda: self._is_checked(path) or None)
        self._screen.step("PA", f"POST {_FILES} -> 201, the file is uploaded and checked")
        return str(id_)

    def _is_checked(self, path: str) -> bool:
        return self._call("GET", path, 200, headers=_SENDER).get("status") in _CHECKED

    def _listed(self, id_: str | None = None) -> dict[str, Any] | None:
        """Return the message with the id, or the sample of an earlier start."""
        query = f"{_INBOX}?enrich_result_data=true&page_size=5"
        for item in self._call("GET", query, 200, headers=self._citizen).get("items", ()):
            if id_ == item["id"] or (id_ is None and item.get("message_title") == _SUBJECT):
                return dict(item)
        return None

    def _captured(self, id_: str) -> dict[str, Any] | None:
        found = self._call("GET", f"/sandbox/notifications?message_id={id_}", 200)
        return next((dict(one) for one in found.get("items", ()) if "title" in one), None)

    def _wait[T](self, place: str, thing: str, look: Callable[[], T | None]) -> T:
        end = time.monotonic() + ARRIVE_SECONDS
        while (found := look()) is None:
            if time.monotonic() > end:
                raise StepError(f"{place}: {thing} did not come within {ARRIVE_SECONDS} s")
            time.sleep(0.02)
        return found

    def _call(
        self,
        method: str,
        path: str,
        expected: int,
        *,
        body: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        step = f"{method} {path.partition('?')[0]}"
        try:
            sent = {} if content is None else {"Content-Type": "application/octet-stream"}
            answer = self._session.request(
                method,
                f"{self._base}{path}",
                json=body,
                data=content,
                headers={**sent, **(headers or {})},
                timeout=10,
            )
            found = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError) as error:
            raise StepError(f"{step}: {type(error).__name__}") from None
        members = found if isinstance(found, dict) else {}
        if answer.status_code != expected:
            reason = " ".join(str(members[name]) for name in ("title", "detail") if name in members)
            raise StepError(f"{step} -> {answer.status_code} {reason}".rstrip())
        return members


def message_due(moment: datetime) -> dict[str, Any]:
    """Return the sample message, due at the end of the moment's day in Italy."""
    day = moment.astimezone(ZoneInfo("Europe/Rome")).date()
    due = datetime.combine(day, clock_time(23, 59, 59), ZoneInfo("Europe/Rome"))
    return {
        "fiscal_code": CITIZEN,
        "content": {
            "subject": _SUBJECT,
            "markdown": "È disponibile l'avviso della **prima rata** della tassa sui rifiuti. "
            f"L'importo è di 84,50 euro e la scadenza è il {day:%d/%m/%Y}.",
            "due_date": due.isoformat(),
            "payment_data": {"amount": 8450, "notice_number": "301000000000000017"},
        },
    }


def _pretty(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
