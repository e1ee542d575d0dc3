"""Calls that meet the answers about configurations of remote content."""

from typing import Any, Final

from infra.local.sandbox.remote_content import ATTACHMENT, BASE, ETAG, KEY, KEY_HEADER
from infra.local.sandbox.seed import MANAGE_KEY, SENDER_KEY
from tests.builders.remote_content import TEST_USER, a_configuration, an_environment
from tests.journeys.answers.older import RELYING_PARTY, SEND
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.support import Journeys

PATH: Final = "/api/v1/messages-sending/remote-contents/configurations"
OF_THE_INSTALLATION: Final = frozenset(
    {
        *(
            (method, path, 409)
            for method, path in (
                ("POST", PATH),
                ("PUT", f"{PATH}/{{configurationId}}"),
                ("POST", f"{PATH}/{{configurationId}}/test"),
            )
        ),
        *((method, path, 404) for method in ("GET", "POST") for path in SEND),
        *(("GET", path, 200) for path in RELYING_PARTY),
    }
)
"""Answers of an installation without a secret for remote content, without SEND, or with keys for
logins.

tests/functions meets them: remote_content/test_secrets.py, profiles/test_send_activation.py and
identity/test_relying_party.py.
"""


def contents(journeys: Journeys, plain: str, base: str) -> None:
    """Meet every answer to a citizen about content that senders keep. `plain`: a message."""
    token = journeys.token()
    closed = an_environment("http://127.0.0.1:9/io", KEY, header_key_name=KEY_HEADER)
    own = an_environment(f"{journeys.base}/{BASE}", KEY, header_key_name=KEY_HEADER)
    kept = [
        journeys.as_sender(
            "POST", PATH, key=MANAGE_KEY, json=a_configuration(prod_environment=host)
        ).json()["configuration_id"]
        for host in (own, closed)
    ]

    def message(id_: str, configuration: str = kept[0], **told: Any) -> str:
        told |= {"id": id_, "configuration_id": configuration, "has_attachments": True}
        content = {"third_party_data": {"has_remote_content": True, **told}}
        one = journeys.deliver(feature_level_type="ADVANCED", content=content)
        return f"{base}/third-party-messages/{one}"

    right, silent = message("fascicolo-1"), message("fascicolo-1", kept[1])
    refused = {status: message(f"status-{status}-1") for status in (403, 404, 429)}
    file = f"/attachments/{ATTACHMENT}"
    copy = {"headers": {"If-None-Match": ETAG}}
    calls: list[tuple[int, str, dict[str, Any]]] = [
        (204, f"{message('fascicolo-1', has_precondition='NEVER')}/precondition", {}),
        (304, right, copy),
        (304, right + file, copy),
        (400, f"{right}/attachments/..%2F1.pdf", {}),
        (415, f"{right}/attachments/allegati/broken.pdf", {}),
        (502, message("broken-1"), {}),
    ]
    for part in ("", "/precondition", file):
        calls += [
            (200, right + part, {}),
            (400, f"{base}/third-party-messages/{plain}{part}", {}),
            (401, right + part, {"token": "x"}),
            (404, f"{base}/third-party-messages/{NOWHERE}{part}", {}),
            (504, silent + part, {}),
            *((status, one + part, {}) for status, one in refused.items()),
        ]
    for status, path, sent in calls:
        answer = journeys.as_citizen("GET", path, **({"token": token} | sent))
        assert answer.status_code == status, f"{path} {status}: {answer.text}"


def remote_content(journeys: Journeys, plain: str) -> None:
    """Meet every answer about configurations, and the contents, except OF_THE_INSTALLATION."""
    for base in ("/api/communication/v1", "/api/v1"):
        contents(journeys, plain, base)
    host = an_environment(f"{journeys.base}/{BASE}", KEY, header_key_name=KEY_HEADER)
    body = a_configuration(test_environment={**host, "test_users": [TEST_USER]})
    made = journeys.as_sender("POST", PATH, key=MANAGE_KEY, json=body)
    assert made.status_code == 201, made.text
    one, nowhere = f"{PATH}/{made.json()['configuration_id']}", f"{PATH}/{NOWHERE}"
    trial = {"id": "fascicolo-1", "fiscal_code": TEST_USER}
    too_long: dict[str, Any] = {"data": b" " * 300_000}
    packed: dict[str, Any] = {"data": b"x", "headers": PACKED}
    calls: list[tuple[int, str, str, dict[str, Any]]] = [
        (200, "GET", PATH, {}),
        (403, "GET", PATH, {"key": SENDER_KEY}),
        (403, "POST", PATH, {"json": body, "key": SENDER_KEY}),
        (400, "POST", PATH, {"json": {}}),
        (413, "POST", PATH, too_long),
        (415, "POST", PATH, packed),
    ]
    for status, method, below, sent in (
        (200, "GET", "", {}),
        (204, "PUT", "", {"json": body}),
        (200, "POST", "/test", {"json": trial}),
    ):
        calls += [
            (status, method, one + below, sent),
            (400, method, f"{PATH}/x{below}", sent),
            (403, method, one + below, {**sent, "key": SENDER_KEY}),
            (404, method, nowhere + below, sent),
        ]
        if sent:
            calls += [(413, method, one + below, too_long), (415, method, one + below, packed)]
    for status, method, path, sent in calls:
        answer = journeys.as_sender(method, path, **({"key": MANAGE_KEY} | sent))
        assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
        if status == 403:
            assert journeys.call(method, path).status_code == 401, f"{method} {path}"
