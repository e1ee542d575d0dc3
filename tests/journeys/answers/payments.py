"""Calls that meet every declared answer about payments and payment notices."""

from infra.local.sandbox.seed import (
    OPERATOR_KEY,
    PAYMENTS_KEY,
    SENDER_KEY,
)
from tests.builders.payment_notices import a_notice, an_amendment, an_instalment, number
from tests.builders.payments import PAYEE, a_payment
from tests.journeys.answers.paths import (
    NOTICES,
    OLDER_PAYMENT_INFO,
    PACKED,
    PAYMENT_INFO,
    PAYMENTS,
)
from tests.journeys.support import Journeys


def payments(journeys: Journeys) -> None:
    """Meet every answer to an update of a payment, and to a citizen's question about a notice."""
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
        for base in (PAYMENT_INFO, OLDER_PAYMENT_INFO):
            answer = journeys.as_citizen("GET", f"{base}/01234567890{number}", token=token)
            assert answer.status_code == status, answer.text
    for base in (PAYMENT_INFO, OLDER_PAYMENT_INFO):
        assert journeys.as_citizen("GET", f"{base}/x", token=token).status_code == 400
        assert journeys.as_citizen("GET", f"{base}/{rpt_id}", token="").status_code == 401


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
