"""Calls of a citizen that meet every declared answer about messages and their papers."""

from typing import Final

import jwt

from infra.local.sandbox.seed import (
    CITIZEN,
    OPERATOR_KEY,
    PAYMENTS_KEY,
    SENDER_KEY,
)
from tests.builders.payments import a_payment
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import NOWHERE, PACKED, PAYMENTS
from tests.journeys.support import INBOX, SUBMIT, Journeys


def citizens(journeys: Journeys, id_: str, inbox: str = INBOX, status_path: str = "status") -> None:
    """Meet every answer to a citizen who lists, opens and changes messages."""
    token = journeys.token()
    opened = f"{inbox}/{id_}"
    reading = {"change_type": "reading", "is_read": True}
    for status, method, path, body in (
        (200, "GET", inbox, None),
        (200, "GET", f"{inbox}?enrich_result_data=true&page_size=1", None),
        (200, "GET", f"{inbox}?minimum_id={'7' + 'Z' * 25}", None),
        (400, "GET", f"{inbox}?page_size=0", None),
        (400, "GET", f"{inbox}?page_size=2&page_size=3", None),
        (200, "GET", opened, None),
        (200, "GET", f"{opened}?public_message=true", None),
        (400, "GET", f"{opened}?public_message=perhaps", None),
        (404, "GET", f"{inbox}/{NOWHERE}", None),
        (200, "PUT", f"{opened}/{status_path}", reading),
        (400, "PUT", f"{opened}/{status_path}", {"change_type": "reading", "is_read": False}),
        (400, "PUT", f"{opened}/{status_path}", {"change_type": "shredding"}),
        (404, "PUT", f"{inbox}/{NOWHERE}/{status_path}", reading),
        (413, "PUT", f"{opened}/{status_path}", {"padding": " " * 70_000}),
    ):
        answer = journeys.as_citizen(method, path, token=token, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    for method, path in (("GET", inbox), ("GET", opened), ("PUT", f"{opened}/{status_path}")):
        for wrong in ("", "x", jwt.encode({"sub": "x"}, "x" * 32, "HS256")):
            answer = journeys.as_citizen(method, path, token=wrong, json=reading)
            assert answer.status_code == 401
    plain = journeys.as_citizen(
        "PUT", f"{opened}/{status_path}", token=token, data=b"x", headers=PACKED
    )
    assert plain.status_code == 415


def inboxes(journeys: Journeys, id_: str) -> None:
    """Meet every answer to a citizen who counts, follows and changes many messages."""
    token = journeys.token()
    inbox = INBOX.replace("/messages", "/inbox")
    reading = {"change": {"change_type": "reading", "is_read": True}, "ids": [id_, NOWHERE]}
    contrary = {
        "change": reading["change"],
        "filter": {"to_pay": True, "category": "GENERIC"},
    }
    for status, method, path, body in (
        (200, "GET", f"{INBOX}?unread=true&due_within=7", None),
        (400, "GET", f"{INBOX}?archived=true&binned=true", None),
        (200, "GET", f"{inbox}/counters", None),
        (400, "GET", f"{inbox}/counters?x=1", None),
        (200, "GET", f"{inbox}/changes", None),
        (400, "GET", f"{inbox}/changes?since=x", None),
        (200, "GET", f"{inbox}/notifications?page_size=1", None),
        (400, "GET", f"{inbox}/notifications?cursor=x", None),
        (200, "POST", f"{inbox}/status", reading),
        (400, "POST", f"{inbox}/status", {"ids": [id_]}),
        (400, "POST", f"{inbox}/status", contrary),
        (413, "POST", f"{inbox}/status", {"padding": " " * 70_000}),
        (200, "POST", f"{inbox}/search", {"filter": {"q": "rifiuti"}, "page_size": 1}),
        (400, "POST", f"{inbox}/search", {"filter": {"q": "?"}}),
        (413, "POST", f"{inbox}/search", {"padding": " " * 70_000}),
    ):
        answer = journeys.as_citizen(method, path, token=token, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    accesses = "/api/identity/v1/access-log"
    for status, query, who in ((200, "", token), (400, "?cursor=x", token), (401, "", "x")):
        assert journeys.as_citizen("GET", accesses + query, token=who).status_code == status
    for method, name in (
        ("GET", "counters"),
        ("GET", "changes"),
        ("GET", "notifications"),
        ("POST", "status"),
        ("POST", "search"),
    ):
        answer = journeys.as_citizen(method, f"{inbox}/{name}", token="x", json=reading)
        assert answer.status_code == 401
    for name in ("status", "search"):
        path = f"{inbox}/{name}"
        plain = journeys.as_citizen("POST", path, token=token, data=b"x", headers=PACKED)
        assert plain.status_code == 415


TRANSLATED: Final = frozenset({("POST", "/api/translations/v1/texts/{token}", 200)})
"""The answer to the sandbox's service of translations, which the host itself calls."""


def translations(journeys: Journeys, id_: str) -> None:
    """Meet every answer to a citizen who asks for a translation, and to the service."""
    token, path = journeys.token(), f"{INBOX}/{id_}/translations"
    forbidden = journeys.deliver(content={"may_be_translated": False})
    for status, place, body in (
        (400, path, {"language": "lld_IT"}),
        (403, f"{INBOX}/{forbidden}/translations", {"language": "en_GB"}),
        (404, f"{INBOX}/{NOWHERE}/translations", {"language": "en_GB"}),
        (409, path, {"language": "it_IT"}),
        (413, path, {"padding": " " * 70_000}),
    ):
        answer = journeys.as_citizen("POST", place, token=token, json=body)
        assert answer.status_code == status, f"{place}: {answer.text}"
    english = {"language": "en_GB"}
    assert journeys.as_citizen("POST", path, token=token, json=english).status_code == 202
    wait_for(
        lambda: journeys.as_citizen("POST", path, token=token, json=english).status_code == 200, 30
    )
    wrong = journeys.as_citizen("POST", path, token="x", json=english)
    assert wrong.status_code == 401
    packed = journeys.as_citizen("POST", path, token=token, data=b"x", headers=PACKED)
    assert packed.status_code == 415
    form = {"content-type": "application/x-www-form-urlencoded"}
    for status, ticket, data, headers in (
        (400, "x" * 1100, b"translated-text=x", form),
        (404, "nonsense", b"translated-text=x", form),
        (413, "nonsense", b"x" * 300_000, form),
        (415, "nonsense", b"{}", {"content-type": "application/json"}),
    ):
        answer = journeys.call(
            "POST", f"/api/translations/v1/texts/{ticket}", data=data, headers=headers
        )
        assert answer.status_code == status


def papers(journeys: Journeys, without: str) -> None:
    """Meet every answer to a citizen who downloads a file of a message."""
    token = journeys.token()
    content = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    id_ = journeys.deliver(content=content)
    for paper in ("payment/qr.svg", "payment/qr.png", "payment/notice.pdf", "calendar.ics"):
        for status, message in ((200, id_), (404, without), (404, NOWHERE)):
            answer = journeys.as_citizen("GET", f"{INBOX}/{message}/{paper}", token=token)
            assert answer.status_code == status, f"{paper}: {answer.text}"
            assert answer.headers["Cache-Control"] == "no-store"
        assert journeys.as_citizen("GET", f"{INBOX}/{id_}/{paper}", token="x").status_code == 401
    receipts(journeys, id_, without)


def receipts(journeys: Journeys, id_: str, without: str) -> None:
    """Meet every answer to a citizen who asks for a receipt, before and after the payment."""
    citizen, number = journeys.token(), "301000000000000033"
    at = journeys.call("GET", "/sandbox/clock").json()["now"]
    event = {"event_id": "receipt", "occurred_at": at, "outcome": "PAID"}
    path = f"{PAYMENTS}/01234567890{number}"
    assert journeys.as_sender("PUT", path, key=PAYMENTS_KEY, json=event).status_code == 200
    settled = journeys.deliver(content={"payment_data": a_payment(notice_number=number)})
    for status, message, token in (
        (200, settled, citizen),
        (404, id_, citizen),
        (404, without, citizen),
        (404, NOWHERE, citizen),
        (401, settled, "x"),
    ):
        answer = journeys.as_citizen("GET", f"{INBOX}/{message}/payment/receipt.pdf", token=token)
        assert answer.status_code == status, answer.text
    for code in ("qr.svg", "qr.png"):
        answer = journeys.as_citizen("GET", f"{INBOX}/{settled}/payment/{code}", token=citizen)
        assert answer.status_code == 409, answer.text
    for paper in ("qr.svg", "qr.png", "notice.pdf", "receipt.pdf"):
        path = f"{INBOX}/{settled}/payment/{paper}?notice_number=5"
        assert journeys.as_citizen("GET", path, token=citizen).status_code == 400
    for what in ("calendar.ics", "reminders"):
        path = f"{INBOX}/{id_}/{what}?notice_number=5"
        assert journeys.as_citizen("GET", path, token=citizen).status_code == 400


def reminders(journeys: Journeys, id_: str) -> None:
    """Meet every answer about the reminders of a message, to the citizen and the sender."""
    token, path = journeys.token(), f"{INBOX}/{id_}/reminders"
    now = journeys.call("GET", "/sandbox/clock").json()["now"]
    elsewhere = f"{INBOX}/{NOWHERE}/reminders"
    done = {"change_type": "done"}
    for status, method, where, body, who in (
        (200, "GET", path, None, token),
        (401, "GET", path, None, "x"),
        (404, "GET", elsewhere, None, token),
        (200, "PUT", path, done, token),
        (200, "PUT", path, {"change_type": "resume"}, token),
        (400, "PUT", path, {"change_type": "snooze"}, token),
        (401, "PUT", path, done, "x"),
        (404, "PUT", elsewhere, done, token),
        (413, "PUT", path, {"padding": " " * 70_000}, token),
        (422, "PUT", path, {"change_type": "snooze", "until": now}, token),
    ):
        answer = journeys.as_citizen(method, where, token=who, json=body)
        assert answer.status_code == status, f"{method} {status}: {answer.text}"
    assert (
        journeys.as_citizen("PUT", path, token=token, data=b"x", headers=PACKED).status_code == 415
    )
    sent = f"{SUBMIT}/{CITIZEN}/{id_}/reminders"
    for status, where, key in (
        (200, sent, SENDER_KEY),
        (400, f"{SUBMIT}/nobody/{id_}/reminders", SENDER_KEY),
        (401, sent, "nobody's"),
        (403, sent, OPERATOR_KEY),
        (404, f"{SUBMIT}/{CITIZEN}/{NOWHERE}/reminders", SENDER_KEY),
    ):
        assert journeys.as_sender("GET", where, key=key).status_code == status, where
