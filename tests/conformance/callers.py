"""The caller: the credentials that a document's security schemes ask for, and known values.

A sandbox has both by itself: tokens of a new citizen, its senders' keys, and the ids of messages
that the citizen has just got.
"""

import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, override

import requests

from infra.local.errors import HostError
from infra.local.sandbox import remote_content
from infra.local.sandbox.citizens import Sandbox
from infra.local.sandbox.seed import (
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    PAYMENTS_KEY,
    SENDER_KEY,
    SERVICE_ID,
    SPECIAL_KEY,
)
from lib.domain.shared.identifiers import NoticeNumber, rpt_id_of
from tests.builders.managed_services import PNG
from tests.builders.messages import a_message
from tests.builders.payments import NOTICE_NUMBER, a_payment
from tests.builders.remote_content import an_environment
from tests.conformance.document import Scheme
from tests.load.population import fiscal_code

KEY_HEADER: Final = "Ocp-Apim-Subscription-Key"
KEYS: Final = (SENDER_KEY, MANAGE_KEY, OPERATOR_KEY, PAYMENTS_KEY, SPECIAL_KEY)
_MANAGE: Final = {KEY_HEADER: MANAGE_KEY}
_SENDER: Final = {KEY_HEADER: SENDER_KEY}
_TOKEN_TYPES: Final = frozenset({"http", "oauth2", "openIdConnect"})
_DELIVERY_SECONDS: Final = 30
_CALL_SECONDS: Final = 20
_CITIZENS: Final = 11_000_000
type Headers = Mapping[str, str]


def normalized(name: str) -> str:
    """Return a name as it is compared: `messageId` is `message_id`."""
    return name.replace("_", "").replace("-", "").lower()


class Caller:
    """Calls with the headers and the values that are given, and knows no others.

    `values`: by the name of a parameter or member, which may have an operation's id or the part of
    a path before it: `id`, `getMessage/id`, `third-party-messages/id`.
    """

    def __init__(self, headers: Headers, values: Mapping[str, Any]) -> None:
        self._headers = headers
        self._values = {normalized(name): value for name, value in values.items()}

    def credentials(self, schemes: Mapping[str, Scheme]) -> list[Headers]:
        """Return the headers to try, one after the other, until a host lets the caller in."""
        return [self._headers]

    def given(self, name: str, *places: str) -> Any:
        """Return the value that was given for a name: at one of the places, or anywhere."""
        return _found(self._values, name, *places)

    def known(self, name: str, *places: str) -> Any:
        """Return a value for a name that exists at the host, given or not."""
        return self.given(name, *places)


class SandboxCaller(Caller):
    """A new citizen of a sandbox, and its senders."""

    def __init__(self, base: str, headers: Headers, values: Mapping[str, Any]) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False
        super().__init__(headers, values)
        self._sandbox = {normalized(name): one for name, one in self._prepared().items()}

    @override
    def known(self, name: str, *places: str) -> Any:
        given = self.given(name, *places)
        return _found(self._sandbox, name, *places) if given is None else given

    @override
    def credentials(self, schemes: Mapping[str, Scheme]) -> list[Headers]:
        found: list[Headers] = []
        for name, scheme in schemes.items():
            if scheme["type"] in _TOKEN_TYPES or scheme.get("name") == "Authorization":
                found.append({"Authorization": f"Bearer {self._token()}"})
            elif scheme.get("name") == KEY_HEADER:
                # the key whose name the scheme has comes first
                keys = sorted(KEYS, key=lambda key: key.split("-")[1] not in name.lower())
                found += [{KEY_HEADER: key} for key in keys]
        return [{**one, **self._headers} for one in found or [{}]]

    def _token(self) -> str:
        """Sign the citizen in; each operation gets a token, since one may end its session."""
        body = {"fiscal_code": self._citizen}
        return str(self._asked("POST", "/sandbox/token", {}, body)["token"])

    def _prepared(self) -> dict[str, Any]:
        """Register a citizen who gets messages; return the values of the sandbox."""
        code = fiscal_code(secrets.randbelow(_CITIZENS))
        self._citizen = Sandbox(self._base).register(code)
        path = "/api/v1/messages-sending/remote-contents/configurations"
        environment = an_environment(
            f"{self._base}/{remote_content.BASE}",
            remote_content.KEY,
            header_key_name=remote_content.KEY_HEADER,
        )
        configuration = {
            "name": "Fascicolo",
            "description": "Il fascicolo del cittadino",
            "has_precondition": "ALWAYS",
            "disable_lollipop_for": [],
            "is_lollipop_enabled": False,
            "prod_environment": environment,
        }
        made = self._asked("POST", path, _MANAGE, configuration)["configuration_id"]
        third_party = {
            "id": "fascicolo-1",
            "configuration_id": made,
            "has_attachments": True,
            "has_remote_content": True,
        }
        remote = self._delivered({"third_party_data": third_party})
        plain = self._delivered({"payment_data": a_payment(), "due_date": "2099-06-30T21:59:59Z"})
        now = str(self._asked("GET", "/sandbox/clock")["now"])
        return {
            "id": plain,
            "message_id": plain,
            "fiscal_code": self._citizen,
            "service_id": SERVICE_ID,
            "organization_fiscal_code": ORGANIZATION,
            "organization/fiscal_code": ORGANIZATION,
            "payee/fiscal_code": ORGANIZATION,
            "institution_id": ORGANIZATION,
            "institutions/id": ORGANIZATION,
            "services/id": SERVICE_ID,
            "rpt_id": rpt_id_of(ORGANIZATION, NoticeNumber(NOTICE_NUMBER)),
            "configuration_id": made,
            "third-party-messages/id": remote,
            "attachment_url": remote_content.ATTACHMENT,
            "date": (datetime.fromisoformat(now) - timedelta(days=1)).date().isoformat(),
            "logo": PNG,
            "base_url": f"{self._base}/{remote_content.BASE}",
        }

    def _delivered(self, content: Mapping[str, Any]) -> str:
        """Send the citizen a message; return its id when it is in the inbox."""
        body = a_message(fiscal_code=self._citizen, feature_level_type="ADVANCED", content=content)
        id_ = str(self._asked("POST", "/api/v1/messages", _SENDER, body)["id"])
        end = time.monotonic() + _DELIVERY_SECONDS
        path = f"/api/v1/messages/{self._citizen}/{id_}"
        while self._asked("GET", path, _SENDER)["status"] != "PROCESSED":
            if time.monotonic() > end:
                raise HostError(f"{self._base} has not delivered a message in time")
            time.sleep(0.1)
        return id_

    def _asked(
        self, method: str, path: str, headers: Headers | None = None, body: Any = None
    ) -> dict[str, Any]:
        answer = self._session.request(
            method, self._base + path, headers=headers, json=body, timeout=_CALL_SECONDS
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def _found(values: Mapping[str, Any], name: str, *places: str) -> Any:
    names = (*(f"{place}/{name}" for place in places), name)
    return next((values[one] for one in map(normalized, names) if one in values), None)


def is_sandbox(base: str) -> bool:
    """Tell whether a host is a sandbox."""
    try:
        answer = requests.get(f"{base}/sandbox/clock", timeout=_CALL_SECONDS)
    except requests.RequestException:
        return False
    return answer.status_code == 200
