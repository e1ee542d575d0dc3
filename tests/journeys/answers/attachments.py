"""Calls that meet every declared answer about files, and about the personal archive."""

import hashlib
from typing import Any, Final

from infra.local.sandbox.seed import OPERATOR_KEY, SENDER_KEY
from lib.domain.attachments.attachment import PART_BYTES
from tests.builders.files import a_large_pdf
from tests.builders.messages import a_message
from tests.functions.attachments.file_calls import PDF, announced
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.support import INBOX, SUBMIT, Journeys

FILES: Final = "/api/v1/attachments"
WITHOUT_SCANNER: Final = frozenset({("POST", FILES, 409)})
"""The answer of an installation without a scanner; functions/attachments has it."""
DOCUMENTS: Final = "/api/communication/v1/documents"
OF_APPS: Final = ("/api/communication/v1", "/api/v1")
LARGE: Final = 20 * 1024 * 1024 + 1
"""One byte more than one answer has."""
_BYTES: Final = {"Content-Type": "application/octet-stream"}


def attachments(journeys: Journeys) -> None:
    """Meet every answer to a sender with files, and to the citizen who gets them."""
    path = uploaded(journeys, PDF)
    _refusals(journeys)
    sender = journeys.as_sender
    late = sender("PUT", f"{path}/parts/1", data=PDF, headers=_BYTES)
    assert late.status_code == 409
    assert sender("DELETE", path).status_code == 204
    unfinished = _announced(journeys, PDF)
    assert sender("POST", f"{unfinished}/completion").status_code == 409
    citizen = journeys.new_citizen()
    small, large = (uploaded(journeys, one) for one in (PDF, a_large_pdf(LARGE)))
    ids = [one.rpartition("/")[2] for one in (small, large)]
    body = a_message(fiscal_code=citizen, attachments=ids)
    assert sender("POST", SUBMIT, json={**body, "attachments": [NOWHERE]}).status_code == 404
    sent = sender("POST", SUBMIT, json=body)
    assert sent.status_code == 201, sent.text
    assert sender("POST", SUBMIT, json=body).status_code == 409
    assert sender("DELETE", small).status_code == 409
    token, message = journeys.token(citizen), f"{INBOX}/{sent.json()['id']}"
    wait_for(lambda: journeys.as_citizen("GET", message, token=token).status_code == 200)
    _downloads(journeys, message, ids, token)
    _documents(journeys, sent.json()["id"], ids, token)


def _announced(journeys: Journeys, content: bytes, *, key: str = SENDER_KEY) -> str:
    answer = journeys.as_sender("POST", FILES, key=key, json=announced(content))
    assert answer.status_code == 201, answer.text
    return f"{FILES}/{answer.json()['id']}"


def uploaded(journeys: Journeys, content: bytes) -> str:
    """Upload a file and wait for its check; return its path."""
    path = _announced(journeys, content)
    for start in range(0, len(content), PART_BYTES):
        part = content[start : start + PART_BYTES]
        where = f"{path}/parts/{start // PART_BYTES + 1}"
        assert journeys.as_sender("PUT", where, data=part, headers=_BYTES).status_code == 200
    assert journeys.as_sender("POST", f"{path}/completion").status_code == 202

    def is_ready() -> bool:
        return bool(journeys.as_sender("GET", path).json()["status"] == "READY")

    wait_for(is_ready)
    return path


def _refusals(journeys: Journeys) -> None:
    """Meet the refusals that need no file."""
    sender, nowhere = journeys.as_sender, f"{FILES}/{NOWHERE}"
    key = {"Idempotency-Key": "a-file-of-the-answers"}
    for status, content in ((201, PDF), (422, b"x")):
        answer = sender("POST", FILES, json=announced(content), headers=key)
        assert answer.status_code == status
    part = f"{nowhere}/parts/1"
    calls: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
        (400, "POST", FILES, {"json": {}}),
        (413, "POST", FILES, {"json": {"padding": " " * 70_000}}),
        (415, "POST", FILES, {"data": b"x", "headers": PACKED}),
        (400, "PUT", f"{nowhere}/parts/99", {"data": b"x", "headers": _BYTES}),
        (404, "PUT", part, {"data": b"x", "headers": _BYTES}),
        (413, "PUT", part, {"data": b"x" * (PART_BYTES + 1), "headers": _BYTES}),
        (415, "PUT", part, {"data": b"x", "headers": {"Content-Type": "text/plain"}}),
        (400, "GET", f"{FILES}/x", {}),
        (404, "GET", nowhere, {}),
        (400, "DELETE", f"{FILES}/x", {}),
        (404, "DELETE", nowhere, {}),
        (400, "POST", f"{FILES}/x/completion", {}),
        (404, "POST", f"{nowhere}/completion", {}),
    )
    for method, where in (
        ("POST", FILES),
        ("PUT", part),
        ("GET", nowhere),
        ("DELETE", nowhere),
        ("POST", f"{nowhere}/completion"),
    ):
        for refused, caller in ((403, OPERATOR_KEY), (401, "unknown")):
            assert sender(method, where, key=caller).status_code == refused
    for status, method, where, more in calls:
        answer = sender(method, where, **more)
        assert answer.status_code == status, f"{method} {where}: {answer.text}"


def _downloads(journeys: Journeys, message: str, ids: list[str], token: str) -> None:
    """Meet the answers to a citizen who downloads files of a message."""
    small, large = (f"{message}/attachments/{one}" for one in ids)
    _bytes(journeys, small, large, token)
    missing = f"{message}/attachments/{NOWHERE}"
    assert journeys.as_citizen("GET", missing, token=token).status_code == 404
    for base in OF_APPS:
        one = f"{base}/third-party-messages/{message.rpartition('/')[2]}/attachments/{ids[0]}"
        for status, asked in ((206, "bytes=0-9"), (416, "bytes=99999999-")):
            ranged = journeys.as_citizen("GET", one, token=token, headers={"Range": asked})
            assert ranged.status_code == status, f"{one} {asked}: {ranged.text[:200]}"


def _bytes(journeys: Journeys, small: str, large: str, token: str) -> None:
    head = journeys.as_citizen("HEAD", large, token=token)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(LARGE))
    for status, where, asked, who in (
        (200, small, None, token),
        (206, small, "bytes=0-9", token),
        (206, large, f"bytes={PART_BYTES}-", token),
        (416, small, "bytes=99999999-", token),
        (400, large, None, token),
        (401, small, None, "x"),
    ):
        headers = {} if asked is None else {"Range": asked}
        answer = journeys.as_citizen("GET", where, token=who, headers=headers)
        assert answer.status_code == status, f"{where} {asked}: {answer.text[:200]}"
        if status == 200:
            assert hashlib.sha256(answer.content).hexdigest() == announced(PDF)["sha256"]


def _documents(journeys: Journeys, message: str, ids: list[str], token: str) -> None:
    """Meet the answers about the personal archive."""
    one, large = (f"{DOCUMENTS}/{id_}" for id_ in ids)
    kept: Any = {"message_id": message}
    nowhere = f"{DOCUMENTS}/{NOWHERE}"
    for status, method, where, body, who in (
        (200, "PUT", one, kept, token),
        (200, "PUT", large, kept, token),
        (400, "PUT", one, {"title": ""}, token),
        (401, "PUT", one, kept, "x"),
        (404, "PUT", nowhere, kept, token),
        (413, "PUT", one, {"padding": " " * 70_000}, token),
        (200, "GET", DOCUMENTS, None, token),
        (400, "GET", f"{DOCUMENTS}?x=1", None, token),
        (401, "GET", DOCUMENTS, None, "x"),
        (404, "GET", f"{nowhere}/content", None, token),
        (400, "GET", f"{DOCUMENTS}/x/content", None, token),
    ):
        answer = journeys.as_citizen(method, where, token=who, json=body)
        assert answer.status_code == status, f"{method} {where}: {answer.text}"
    packed = journeys.as_citizen("PUT", one, token=token, data=b"x", headers=PACKED)
    assert packed.status_code == 415
    _bytes(journeys, f"{one}/content", f"{large}/content", token)
    for status, where, who in (
        (401, one, "x"),
        (400, f"{DOCUMENTS}/x", token),
        (204, one, token),
        (404, one, token),
    ):
        assert journeys.as_citizen("DELETE", where, token=who).status_code == status
