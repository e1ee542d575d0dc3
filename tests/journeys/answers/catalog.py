"""Calls that meet every declared answer about the catalogue of services."""

from typing import Final

from infra.local.sandbox.seed import OPERATOR_KEY, ORGANIZATION, SENDER_KEY, SERVICE_ID
from tests.journeys.answers.paths import PACKED
from tests.journeys.support import Journeys

BASES: Final = ("/api/catalog/v1", "/api/v2")
FEATURED: Final = "/api/operations/v1/catalog/featured"


def catalog(journeys: Journeys) -> None:
    """Meet every answer to citizens who search, and to operators who choose."""
    _featured(journeys)
    token = journeys.token()
    for base in BASES:
        for path in (
            f"{base}/institutions",
            f"{base}/institutions/featured",
            f"{base}/institutions/{ORGANIZATION}/services",
            f"{base}/services/featured",
            f"{base}/services/{SERVICE_ID}",
        ):
            answer = journeys.as_citizen("GET", path, token=token)
            assert answer.status_code == 200, answer.text
            known = {"If-None-Match": answer.headers["ETag"]}
            again = journeys.as_citizen("GET", path, token=token, headers=known)
            assert (again.status_code, again.content) == (304, b"")
            too_long = {"If-None-Match": "x" * 1025}
            wrong = journeys.as_citizen("GET", path, token=token, headers=too_long)
            assert wrong.status_code == 400
            assert journeys.as_citizen("GET", path, token="x").status_code == 401
        for path in (f"{base}/institutions", f"{base}/institutions/{ORGANIZATION}/services"):
            answer = journeys.as_citizen("GET", f"{path}?limit=0", token=token)
            assert answer.status_code == 400
        answer = journeys.as_citizen("GET", f"{base}/services/nothing", token=token)
        assert answer.status_code == 404


def _featured(journeys: Journeys) -> None:
    body = {"institutions": [ORGANIZATION], "services": [SERVICE_ID]}
    for status, method, path, key, sent in (
        (200, "PUT", FEATURED, OPERATOR_KEY, body),
        (200, "GET", FEATURED, OPERATOR_KEY, None),
        (400, "PUT", FEATURED, OPERATOR_KEY, {}),
        (400, "GET", f"{FEATURED}?x=1", OPERATOR_KEY, None),
        (401, "GET", FEATURED, "nobody's", None),
        (401, "PUT", FEATURED, "nobody's", body),
        (403, "GET", FEATURED, SENDER_KEY, None),
        (403, "PUT", FEATURED, SENDER_KEY, body),
        (413, "PUT", FEATURED, OPERATOR_KEY, {"padding": " " * 70_000}),
    ):
        answer = journeys.as_sender(method, path, key=key, json=sent)
        assert answer.status_code == status, f"{method} {status}: {answer.text}"
    packed = journeys.as_sender("PUT", FEATURED, key=OPERATOR_KEY, data=b"x", headers=PACKED)
    assert packed.status_code == 415
