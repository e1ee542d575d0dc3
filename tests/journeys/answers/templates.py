"""Calls that meet every declared answer about templates."""

from typing import Any, Final

from infra.local.sandbox.seed import OPERATOR_KEY, SENDER_KEY
from tests.journeys.answers.paths import PACKED
from tests.journeys.answers.sent import UNCOUNTED_KEY
from tests.journeys.support import Journeys

TEMPLATES: Final = "/api/v1/templates"
TEXT: Final = (
    "Gentile {{ nome }}, ecco l'avviso della tassa sui rifiuti per l'immobile di {{ indirizzo }}."
)
BODY: Final[Any] = {"subject": "Tassa sui rifiuti", "markdown": TEXT}
TEXTS: Final = "/api/v1/text-previews"
VALUES: Final[Any] = {"values": {"nome": "Anna", "indirizzo": "Via Roma 12"}}


def templates(journeys: Journeys) -> None:
    """Meet every answer about templates but that to an intermediary."""
    one, unknown = f"{TEMPLATES}/tari", f"{TEMPLATES}/ignoto"
    preview = f"{one}/preview"
    _answers(journeys, "PUT", one, 201, json=BODY)
    _answers(journeys, "PUT", one, 200, json=BODY)
    _answers(
        journeys, "PUT", one, 412, json={**BODY, "subject": "Tassa sui rifiuti 2027"}, tag='"9"'
    )
    _answers(journeys, "GET", TEMPLATES, 200)
    _answers(journeys, "GET", one, 200)
    _answers(journeys, "POST", preview, 200, json=VALUES)
    _answers(journeys, "PUT", one, 400, json={**BODY, "markdown": "{% if nome %}"})
    _answers(journeys, "POST", preview, 400, json={"values": 1})
    for method, path in (("PUT", one), ("POST", preview)):
        _answers(journeys, method, path, 413, data=b" " * 300_000)
        _answers(journeys, method, path, 415, data=b"{}", headers=PACKED)
    for method, path, body in (
        ("GET", TEMPLATES, None),
        ("GET", one, None),
        ("DELETE", one, None),
        ("PUT", one, BODY),
        ("POST", preview, VALUES),
    ):
        _answers(journeys, method, f"{path}?x=1", 400, json=body)
        _answers(journeys, method, path + UNCOUNTED_KEY, 401, key="", json=body)
        _answers(journeys, method, path, 403, key=OPERATOR_KEY, json=body)
    for method, path in (("GET", unknown), ("DELETE", unknown), ("POST", f"{unknown}/preview")):
        _answers(journeys, method, path, 404, json=VALUES if method == "POST" else None)
    _answers(journeys, "DELETE", one, 204)
    _text_previews(journeys)


def _text_previews(journeys: Journeys) -> None:
    body = {"content": BODY, **VALUES}
    _answers(journeys, "POST", TEXTS, 200, json=body)
    _answers(journeys, "POST", TEXTS, 400, json={**body, "content": 1})
    _answers(journeys, "POST", TEXTS + UNCOUNTED_KEY, 401, key="", json=body)
    _answers(journeys, "POST", TEXTS, 403, key=OPERATOR_KEY, json=body)
    _answers(journeys, "POST", TEXTS, 413, data=b" " * 1_100_000)
    _answers(journeys, "POST", TEXTS, 415, data=b"{}", headers=PACKED)


def taken_templates(journeys: Journeys, key: str) -> None:
    """Meet the answer to an intermediary that saves a template by a name of the service's."""
    path = f"{TEMPLATES}/del-servizio"
    _answers(journeys, "PUT", path, 201, json=BODY)
    _answers(journeys, "PUT", path, 409, key=key, json=BODY)


def _answers(
    journeys: Journeys,
    method: str,
    path: str,
    status: int,
    *,
    key: str = SENDER_KEY,
    tag: str | None = None,
    **more: Any,
) -> None:
    headers = {**more.pop("headers", {}), **({"If-Match": tag} if tag else {})}
    sent = {name: value for name, value in more.items() if value is not None}
    answer = journeys.as_sender(method, path, key=key, headers=headers, **sent)
    assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
