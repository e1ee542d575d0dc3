"""Every declared answer of every endpoint, met and held against /openapi.json.

All journeys check their answers so (tests/journeys/support.py); here each declared status is met
once, so that nothing is declared that never comes, or comes in another form.
"""

import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from infra.local.sandbox.seed import (
    CITIZEN,
    EMAIL_CITIZEN,
    LIMITED_KEY,
    MANAGE_KEY,
    OPERATOR_KEY,
    PAYMENTS_KEY,
    SENDER_KEY,
    SERVICE_ID,
)
from infra.local.sandbox.tokens import TokenIssuer
from lib.use_cases.identity.failed_calls import MAX_FAILURES
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice, an_amendment, an_instalment, number
from tests.builders.payments import PAYEE, a_payment
from tests.host.host_process import wait_for
from tests.journeys.support import INBOX, SUBMIT, Journeys

PAYMENTS = "/api/payments/v1/payments"
PAYMENT_INFO = "/api/communication/v1/payment/info"
REMINDER_POLICY = "/api/v1/reminder-policy"
PROFILES = "/api/v1/profiles"
DASHBOARD = "/api/v1/dashboard/payments"
NOTICES = "/api/v1/payment-notices"
DEAD_LETTERS = "/api/operations/v1/dead-letters"
DOUBTFUL = "/api/operations/v1/doubtful-claims"
NOWHERE = "0" * 26
PACKED = {"Content-Encoding": "compress"}
IO_SENDERS = (SUBMIT, "/api/v1/profiles")
"""Where an outage is a 429."""
OUR_FAULT = {500, 503}
"""Declared everywhere and met in tests/faults: a sound host gives none."""


def submissions(journeys: Journeys, path: str, body: dict[str, Any]) -> None:
    """Meet every answer to a submission."""

    def post(status: int, key: str | None = SENDER_KEY, **more: Any) -> None:
        headers = {"Ocp-Apim-Subscription-Key": key, **more.pop("headers", {})}
        answer = journeys.call(
            "POST",
            path,
            headers={name: value for name, value in headers.items() if value is not None},
            **({"json": body} | more),
        )
        assert answer.status_code == status, answer.text

    once: dict[str, Any] = {"headers": {"Idempotency-Key": f"declared {path}".replace(" ", "-")}}
    post(201)
    post(201, **once)
    post(201, **once)
    post(201, json={**body, "unheard_of": 1, "content": {**body["content"], "due_dat": "x"}})
    post(422, json={**body, "time_to_live": 7200}, **once)
    post(400, json={})
    post(400, headers={"Idempotency-Key": "x" * 256})
    post(401, key=None)
    post(401, key="nobody's")
    post(403, key=OPERATOR_KEY)
    remote = {"id": "x", "configuration_id": NOWHERE}
    post(404, json={**body, "content": {**body["content"], "third_party_data": remote}})
    post(413, data=b" " * 300_000, headers={"Content-Type": "application/json"}, json=None)
    post(415, data=b"{}", headers=PACKED, json=None)


def test_every_declared_answer_is_met(journeys: Journeys) -> None:
    """And each is as declared: the recorder fails where one is not."""
    body = a_message()
    submissions(journeys, SUBMIT, body)
    submissions(
        journeys,
        f"{SUBMIT}/{CITIZEN}",
        {name: body[name] for name in body if name != "fiscal_code"},
    )
    assert journeys.as_sender("POST", f"{SUBMIT}/nobody", json=body).status_code == 400

    id_ = journeys.deliver(feature_level_type="ADVANCED")
    sent = f"{SUBMIT}/{CITIZEN}/{id_}"
    assert journeys.as_sender("GET", sent).json()["read_status"] == "UNREAD"
    for status, path, key in (
        (400, f"{SUBMIT}/nobody/{id_}", SENDER_KEY),
        (401, sent, "nobody's"),
        (403, sent, LIMITED_KEY),
        (403, sent, OPERATOR_KEY),
        (404, f"{SUBMIT}/{CITIZEN}/{NOWHERE}", SENDER_KEY),
        (200, f"{DEAD_LETTERS}/message-submitted", OPERATOR_KEY),
        (200, DEAD_LETTERS, OPERATOR_KEY),
        (401, DEAD_LETTERS, "nobody's"),
        (403, DEAD_LETTERS, SENDER_KEY),
        (404, f"{DEAD_LETTERS}/nowhere", OPERATOR_KEY),
        (400, f"{DEAD_LETTERS}/A", OPERATOR_KEY),
        (400, f"{DEAD_LETTERS}/message-submitted?limit=0", OPERATOR_KEY),
        (401, f"{DEAD_LETTERS}/message-submitted", "nobody's"),
        (403, f"{DEAD_LETTERS}/message-submitted", SENDER_KEY),
        (200, "/status", OPERATOR_KEY),
        (400, "/status?queue=x", OPERATOR_KEY),
        (400, f"{DEAD_LETTERS}?limit=5", OPERATOR_KEY),
        (400, f"{REMINDER_POLICY}?days=5", MANAGE_KEY),
        (200, DOUBTFUL, OPERATOR_KEY),
        (400, f"{DOUBTFUL}?limit=0", OPERATOR_KEY),
        (401, DOUBTFUL, "nobody's"),
        (403, DOUBTFUL, SENDER_KEY),
        (401, "/status", "nobody's"),
        (403, "/status", SENDER_KEY),
        *(
            (status, f"{DASHBOARD}{ending}", key)
            for ending in ("", ".csv")
            for status, key in ((200, SENDER_KEY), (401, "nobody's"), (403, OPERATOR_KEY))
        ),
        (400, f"{DASHBOARD}?from=2026-13-01", SENDER_KEY),
        (400, f"{DASHBOARD}.csv?from=2020-01-01&to=2026-01-01", SENDER_KEY),
    ):
        assert journeys.as_sender("GET", path, key=key).status_code == status, path
    assert journeys.call("GET", "/openapi.json").status_code == 200

    recipients(journeys)
    citizens(journeys, id_)
    papers(journeys, id_)
    for version, base in enumerate(("/api/identity/v1", "/api/v1")):
        settings(journeys, base, version)
        validations(journeys, base, f"ADDRES0{version}A00A000A")
    links(journeys)
    devices(journeys)
    payments(journeys)
    policies(journeys)
    reminders(journeys, id_)
    notices(journeys)
    replays(journeys)
    strangers(journeys)

    declared = journeys.session.declared
    missing = sorted(
        f"{method} {path} {status}"
        for method, path, status in declared.answers - declared.met
        if status not in OUR_FAULT and (status, path.startswith(IO_SENDERS)) != (429, True)
    )
    assert not missing, "\n".join(missing)


def strangers(journeys: Journeys) -> None:
    """Meet what every endpoint answers to a child, and to somebody who guesses keys."""
    issuer = TokenIssuer(journeys.host.folder, "", "")
    adult = journeys.token()
    claims = jwt.decode(adult, options={"verify_signature": False})
    headers = {"kid": jwt.get_unverified_header(adult)["kid"]}
    child = jwt.encode({**claims, "birthdate": "2020-01-01"}, issuer.key, "ES256", headers)
    declared = journeys.session.declared
    for method, template, status in sorted(declared.answers - declared.met):
        path = re.sub(r"{\w+}", "x", template)
        if status == 403:
            journeys.as_citizen(method, path, token=child, json={})
        # each worker counts for itself
        for guess in range(4 * MAX_FAILURES if status == 429 else 0):
            key = f"a-guess-{guess}"
            if journeys.as_sender(method, path, key=key, json={}).status_code == 429:
                break


def recipients(journeys: Journeys) -> None:
    """Meet every answer to a sender that asks whether a citizen can be reached."""
    for status, citizen, key in (
        (200, CITIZEN, SENDER_KEY),
        (400, "nobody", SENDER_KEY),
        (401, CITIZEN, "nobody's"),
        (403, CITIZEN, OPERATOR_KEY),
        (404, "NOBODY00A00A000A", SENDER_KEY),
    ):
        body = {"fiscal_code": citizen}
        answer = journeys.as_sender("POST", PROFILES, key=key, json=body)
        assert answer.status_code == status, answer.text
        answer = journeys.as_sender("GET", f"{PROFILES}/{citizen}", key=key)
        assert answer.status_code == status, answer.text
    for status, data, headers in ((413, b" " * 70_000, {}), (415, b"{}", PACKED)):
        answer = journeys.as_sender("POST", PROFILES, data=data, headers=headers)
        assert answer.status_code == status, answer.text


def citizens(journeys: Journeys, id_: str) -> None:
    """Meet every answer to a citizen."""
    token = journeys.token()
    opened = f"{INBOX}/{id_}"
    reading = {"change_type": "reading", "is_read": True}
    for status, method, path, body in (
        (200, "GET", INBOX, None),
        (200, "GET", f"{INBOX}?enrich_result_data=true&page_size=1", None),
        (200, "GET", f"{INBOX}?minimum_id={'7' + 'Z' * 25}", None),
        (400, "GET", f"{INBOX}?page_size=0", None),
        (400, "GET", f"{INBOX}?page_size=2&page_size=3", None),
        (200, "GET", opened, None),
        (200, "GET", f"{opened}?public_message=true", None),
        (400, "GET", f"{opened}?public_message=perhaps", None),
        (404, "GET", f"{INBOX}/{NOWHERE}", None),
        (200, "PUT", f"{opened}/status", reading),
        (400, "PUT", f"{opened}/status", {"change_type": "reading", "is_read": False}),
        (400, "PUT", f"{opened}/status", {"change_type": "shredding"}),
        (404, "PUT", f"{INBOX}/{NOWHERE}/status", reading),
        (413, "PUT", f"{opened}/status", {"padding": " " * 70_000}),
    ):
        answer = journeys.as_citizen(method, path, token=token, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    for method, path in (("GET", INBOX), ("GET", opened), ("PUT", f"{opened}/status")):
        for wrong in ("", "x", jwt.encode({"sub": "x"}, "x" * 32, "HS256")):
            answer = journeys.as_citizen(method, path, token=wrong, json=reading)
            assert answer.status_code == 401
    plain = journeys.as_citizen("PUT", f"{opened}/status", token=token, data=b"x", headers=PACKED)
    assert plain.status_code == 415


def papers(journeys: Journeys, without: str) -> None:
    """Meet every answer to a citizen who takes something away."""
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


def settings(journeys: Journeys, base: str, version: int) -> None:
    """Meet every answer about a citizen's settings, of which `version` is the current one."""
    token, nobody = journeys.token("NOREMI00A00A000A"), journeys.token("NOPROF00A00A000A")
    profile, preferences = f"{base}/profile", f"{base}/services/{SERVICE_ID}/preferences"
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), True)
    choice, update = {**flags, "settings_version": 0}, {"version": version}
    hours = {"from": "22:00", "to": "07:00"}
    for status, method, path, body, who in (
        (200, "GET", profile, None, token),
        (200, "GET", profile, None, nobody),
        (200, "POST", profile, {**update, "quiet_hours": hours}, token),
        (409, "POST", profile, update, token),
        (409, "POST", profile, {"version": 1}, nobody),
        (200, "GET", preferences, None, token),
        (404, "GET", preferences, None, nobody),
        (400, "GET", f"{base}/services/a.b/preferences", None, token),
        (200, "POST", preferences, choice, token),
        (404, "POST", preferences, choice, nobody),
        (409, "POST", preferences, {**choice, "settings_version": 9}, token),
    ):
        answer = journeys.as_citizen(method, path, token=who, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    for path in (profile, preferences):
        for method in ("GET", "POST"):
            assert journeys.as_citizen(method, path, token="x").status_code == 401
        for status, data, headers in (
            (400, b"{}", {}),
            (413, b" " * 70_000, {}),
            (415, b"{}", PACKED),
        ):
            answer = journeys.as_citizen("POST", path, token=token, data=data, headers=headers)
            assert answer.status_code == status, f"{path}: {answer.text}"
    legacy(journeys, preferences)


def legacy(journeys: Journeys, preferences: str) -> None:
    """Meet the refusal to read a choice in the mode in which there is none."""
    token = journeys.token("LEGACY00A00A000A")
    journeys.as_citizen("POST", "/api/v1/profile", token=token, json={"version": 0})
    assert journeys.as_citizen("GET", preferences, token=token).status_code == 409


def validations(journeys: Journeys, base: str, citizen: str) -> None:
    """Meet every answer to a citizen who wants an address validated, and the link's page."""
    token, path = journeys.token(citizen), f"{base}/email-validation-process"

    def ask(who: str) -> int:
        return journeys.as_citizen("POST", path, token=who).status_code

    assert ask(token) == 404
    profile = {"version": 0, "email": "first@example.org"}
    assert journeys.as_citizen("POST", f"{base}/profile", token=token, json=profile).ok
    assert ask(token) == 202
    (validate,) = linked(journeys, "first@example.org")
    late = asked_too_late(journeys, base, "SECOND" + citizen[6:], validate)
    follow(journeys, validate)
    late()
    read = journeys.as_citizen("GET", f"{base}/profile", token=token).json()
    assert read["is_email_validated"]
    assert ask(token) == 400
    profile = {"version": 1, "email": "second@example.org"}
    assert journeys.as_citizen("POST", f"{base}/profile", token=token, json=profile).ok
    assert ask(token) == 429
    assert ask("x") == 401
    journeys.call("DELETE", "/sandbox/notifications")


def asked_too_late(journeys: Journeys, base: str, citizen: str, other: str) -> Callable[[], None]:
    """Ask for the validation of an address; return what meets the answers once it is taken."""
    token, path = journeys.token(citizen), f"{base}/email-validation-process"
    profile = {"version": 0, "email": "first@example.org"}
    assert journeys.as_citizen("POST", f"{base}/profile", token=token, json=profile).ok
    assert journeys.as_citizen("POST", path, token=token).status_code == 202
    found = wait_for(lambda: set(linked(journeys, "first@example.org")) - {other}, 30)

    def taken() -> None:
        (link,) = found
        assert journeys.call("POST", link).status_code == 412
        assert journeys.as_citizen("POST", path, token=token).status_code == 412
        third = journeys.token("THIRDC" + citizen[6:])
        update = journeys.as_citizen("POST", f"{base}/profile", token=third, json=profile)
        assert update.status_code == 412

    return taken


def links(journeys: Journeys) -> None:
    """Meet every answer to whoever opens a link of an e-mail."""
    journeys.deliver(fiscal_code=EMAIL_CITIZEN)
    for path in linked(journeys, "emails@example.org"):
        follow(journeys, path)


def linked(journeys: Journeys, address: str) -> list[str]:
    """Wait for an e-mail; return the paths of its links."""

    def look() -> list[str]:
        listed = journeys.call("GET", "/sandbox/notifications").json()["items"]
        texts = [one["text"] for one in listed if one.get("to") == address]
        return re.findall(r"/api/mail/v1/\S+", "".join(texts))

    return wait_for(look, 30)


def follow(journeys: Journeys, path: str) -> None:
    """Open a link, send its form; then one that is none."""
    nothing = path.rpartition("/")[0] + "/x"
    for method in ("GET", "POST"):
        answer = journeys.call(method, path, data=b"List-Unsubscribe=One-Click")
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert journeys.call(method, nothing).status_code == 404


def devices(journeys: Journeys) -> None:
    """Meet every answer about a citizen's devices, under both bases."""
    token = journeys.token()
    body = {"platform": "fcmv1", "pushChannel": "a-channel"}
    long = {"platform": "apns", "pushChannel": " " * 70_000}
    for base in ("/api/v1/installations", "/api/communication/v1/installations"):
        for status, method, path, sent in (
            (200, "PUT", f"{base}/one", body),
            (200, "PUT", f"{base}/one", {**body, "platform": "gcm"}),
            (400, "PUT", f"{base}/one", {**body, "platform": "wns"}),
            (413, "PUT", f"{base}/one", long),
            (200, "DELETE", f"{base}/one", None),
            (400, "PUT", f"{base}/{'x' * 257}", body),
            (400, "DELETE", f"{base}/{'x' * 257}", None),
        ):
            answer = journeys.as_citizen(method, path, token=token, json=sent)
            assert answer.status_code == status, f"{method} {path}: {answer.text}"
        for method in ("PUT", "DELETE"):
            answer = journeys.as_citizen(method, f"{base}/one", token="x", json=body)
            assert answer.status_code == 401
        plain = journeys.as_citizen("PUT", f"{base}/one", token=token, data=b"x", headers=PACKED)
        assert plain.status_code == 415


def payments(journeys: Journeys) -> None:
    """Meet every answer to an update, and to a citizen's question about a notice."""
    at = journeys.call("GET", "/sandbox/clock").json()["now"]
    update = {"event_id": "declared", "occurred_at": at, "outcome": "PAID", "amount_cents": 8450}
    ahead = {**update, "occurred_at": "2999-01-01T00:00:00Z"}
    rpt_id = "01234567890301000000000000033"
    for method, path, one, wrap in (
        ("PUT", f"{PAYMENTS}/{rpt_id}", update, lambda body: body),
        ("POST", PAYMENTS, {"rpt_id": rpt_id, **update}, lambda body: {"updates": [body]}),
    ):
        for status, key, body in (
            (200, PAYMENTS_KEY, wrap(one)),
            (400, PAYMENTS_KEY, {}),
            (401, "nobody's", wrap(one)),
            (403, SENDER_KEY, wrap(one)),
            (413, PAYMENTS_KEY, {"padding": " " * 70_000}),
            (422, PAYMENTS_KEY, wrap({**one, **ahead})),
        ):
            answer = journeys.as_sender(method, path, key=key, json=body)
            assert answer.status_code == status, f"{method} {path}: {answer.text}"
            answer = journeys.as_sender(method, path, key=PAYMENTS_KEY, data=b"x", headers=PACKED)
        assert answer.status_code == 415
    token = journeys.token()
    for status, ending in ((200, "17"), (404, "91"), (409, "95"), (502, "96"), (503, "97")):
        number = f"3010000000000000{ending}"
        journeys.deliver(content={"payment_data": a_payment(notice_number=number)})
        answer = journeys.as_citizen("GET", f"{PAYMENT_INFO}/01234567890{number}", token=token)
        assert answer.status_code == status, answer.text
    assert journeys.as_citizen("GET", f"{PAYMENT_INFO}/x", token=token).status_code == 400
    assert journeys.as_citizen("GET", f"{PAYMENT_INFO}/{rpt_id}", token="").status_code == 401


def policies(journeys: Journeys) -> None:
    """Meet every answer about a service's reminder policy."""
    for status, method, key, body, tag in (
        (200, "PUT", MANAGE_KEY, {}, "*"),
        (200, "GET", MANAGE_KEY, None, None),
        (401, "GET", "nobody's", None, None),
        (403, "GET", SENDER_KEY, None, None),
        (400, "PUT", MANAGE_KEY, {"hour": 21}, None),
        (400, "PUT", MANAGE_KEY, {}, "unquoted"),
        (401, "PUT", "nobody's", {}, None),
        (403, "PUT", SENDER_KEY, {}, None),
        (412, "PUT", MANAGE_KEY, {"hour": 10}, '"another"'),
        (413, "PUT", MANAGE_KEY, {"padding": " " * 70_000}, None),
    ):
        headers = {"If-Match": tag} if tag else {}
        answer = journeys.as_sender(method, REMINDER_POLICY, key=key, json=body, headers=headers)
        assert answer.status_code == status, f"{method} {status}: {answer.text}"
    answer = journeys.as_sender("PUT", REMINDER_POLICY, key=MANAGE_KEY, data=b"x", headers=PACKED)
    assert answer.status_code == 415


def reminders(journeys: Journeys, id_: str) -> None:
    """Meet every answer about the reminders of a message, to both sides."""
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


def notices(journeys: Journeys) -> None:
    """Meet every answer about a payment notice, which is cancelled and reopened in the end."""
    notice = a_notice(notice_number=number(901))
    one, part = f"{NOTICES}/{PAYEE}{number(901)}", f"{NOTICES}/{PAYEE}{number(903)}"
    parts = [an_instalment(903, "2027-02-28"), an_instalment(904, "2027-06-30")]
    whole = a_notice(notice_number=number(902), instalments=parts)
    nowhere = f"{NOTICES}/{PAYEE}{number(999)}"
    amendment = an_amendment(amount_cents=9000)
    for status, method, path, body, key in (
        (201, "POST", NOTICES, notice, SENDER_KEY),
        (200, "POST", NOTICES, notice, SENDER_KEY),
        (201, "POST", NOTICES, whole, SENDER_KEY),
        (400, "POST", NOTICES, {}, SENDER_KEY),
        (401, "POST", NOTICES, notice, "nobody's"),
        (403, "POST", NOTICES, notice, OPERATOR_KEY),
        (409, "POST", NOTICES, {**notice, "fiscal_code": "RSSMRA80A01H501U"}, SENDER_KEY),
        (413, "POST", NOTICES, {"padding": " " * 300_000}, SENDER_KEY),
        *(
            answer
            for verb, below, sent in (
                ("GET", "", None),
                ("PUT", "", amendment),
                ("DELETE", "", None),
                ("POST", "/reopening", None),
            )
            for answer in (
                (200, verb, one + below, sent, SENDER_KEY),
                (400, verb, f"{NOTICES}/none{below}", sent, SENDER_KEY),
                (401, verb, one + below, sent, "nobody's"),
                (403, verb, one + below, sent, OPERATOR_KEY),
                (404, verb, nowhere + below, sent, SENDER_KEY),
                (409, verb, part + below, sent, SENDER_KEY),
            )
        ),
        (413, "PUT", one, {"padding": " " * 300_000}, SENDER_KEY),
    ):
        answer = journeys.as_sender(method, path, key=key, json=body)
        assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
    for method, path in (("POST", NOTICES), ("PUT", one)):
        answer = journeys.as_sender(method, path, data=b"x", headers=PACKED)
        assert answer.status_code == 415


def replays(journeys: Journeys) -> None:
    """Meet every answer to a replay, of an item that no attempt can decode."""
    queue = f"{DEAD_LETTERS}/message-submitted"
    journeys.call("POST", "/admin/functions/fan_out_message_poison", json={"input": "{}"})

    def look() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = journeys.as_sender("GET", queue, key=OPERATOR_KEY).json()[
            "items"
        ]
        return items

    letter = wait_for(look, 30)[0]
    for status, path, key in (
        (202, f"{queue}/{letter['id']}/replay", OPERATOR_KEY),
        (400, f"{DEAD_LETTERS}/A/{'0' * 32}/replay", OPERATOR_KEY),
        (400, f"{queue}/{NOWHERE}/replay", OPERATOR_KEY),
        (401, f"{queue}/{'0' * 32}/replay", "nobody's"),
        (403, f"{queue}/{'0' * 32}/replay", SENDER_KEY),
        (404, f"{queue}/{'0' * 32}/replay", OPERATOR_KEY),
    ):
        answer = journeys.as_sender("POST", path, key=key)
        assert answer.status_code == status, f"{path}: {answer.text}"


@pytest.mark.parametrize("field", ["title", "detail"])
def test_a_problem_says_what_is_wrong(journeys: Journeys, field: str) -> None:
    """Never an empty text."""
    answer = journeys.as_sender("POST", SUBMIT, json={"content": {"subject": "x"}})

    assert answer.json()[field]
    assert all(error["pointer"] and error["detail"] for error in answer.json()["errors"])
