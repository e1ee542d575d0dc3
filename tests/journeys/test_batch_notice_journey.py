"""A tax notice in two instalments on its way from a list to its payments, on the host."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from infra.local.sandbox.seed import PAYMENTS_KEY
from lib.domain.shared.values import timestamp
from tests.functions.batches.batch_calls import LETTER, a_list, a_number
from tests.host.host_process import wait_for
from tests.journeys.inbox import listed
from tests.journeys.support import INBOX, Journeys
from tests.journeys.test_batch_journey import PATH, rows_of, steer, when

PAYEE: Final = "01234567890"
FIRST, SECOND = a_number(701), a_number(702)
HEADER: Final = (
    *("codice_fiscale", "nome"),
    *("numero_avviso_1", "importo_1", "scadenza_1"),
    *("numero_avviso_2", "importo_2", "scadenza_2"),
)
SECONDS: Final = 120


def notice(journeys: Journeys) -> Any:
    """Read the payment notice."""
    answer = journeys.as_sender("GET", f"/api/v1/payment-notices/{PAYEE}{FIRST}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def inbox(journeys: Journeys, citizen: str) -> list[Any]:
    """Return the citizen's messages, the newest first."""
    page = listed(journeys, journeys.token(citizen), enrich_result_data="true")
    items: list[Any] = page["items"]
    return items


def test_a_row_in_instalments_is_paid_one_by_one(journeys: Journeys) -> None:
    """The citizen sees both sums, pays the first, and later gets the second with its reminders."""
    citizen, now = journeys.new_citizen(), journeys.now()
    days = [(now + timedelta(days=ahead)).date() for ahead in (20, 45)]
    row = [citizen, "Mario", FIRST, "42,25", f"{days[0]}", SECOND, "40,00", f"{days[1]:%d/%m/%Y}"]
    made = journeys.as_sender("POST", PATH, json={"name": "TARI 2027", "content": LETTER})
    id_ = made.json()["id"]
    headers = {"Content-Type": "text/csv"}
    content = a_list([row], HEADER)
    path = f"{PATH}/{id_}/recipients"
    assert journeys.as_sender("PUT", path, data=content, headers=headers).status_code == 202
    assert when(journeys, id_, "CHECKED")["check"]["counts"] == {"REACHABLE": 1}
    steer(journeys, id_, "send")
    assert when(journeys, id_, "FINISHED")["progress"]["outcomes"] == {"SENT": 1}
    (result,) = rows_of(journeys, id_)

    (item,) = inbox(journeys, citizen)
    assert (item["id"], item["amount"]) == (result["message_id"], 4225)
    opened = journeys.as_citizen("GET", f"{INBOX}/{item['id']}", token=journeys.token(citizen))
    text = opened.json()["content"]["markdown"]
    assert text.startswith("Gentile Mario, ")
    assert "1. 42,25\xa0€" in text
    assert "2. 40,00\xa0€" in text
    assert notice(journeys)["payment_status"] == "NOT_PAID"

    update = {"event_id": "paid", "occurred_at": timestamp(journeys.now()), "outcome": "PAID"}
    path = f"/api/payments/v1/payments/{PAYEE}{FIRST}"
    assert journeys.as_sender("PUT", path, key=PAYMENTS_KEY, json=update).status_code == 200
    paid = wait_for(lambda: inbox(journeys, citizen)[0]["payment_status"] == "PAID", SECONDS)
    assert paid
    assert notice(journeys)["payment_status"] == "PARTLY_PAID"

    noon = datetime(days[0].year, days[0].month, days[0].day, 12, tzinfo=UTC)
    assert journeys.call("POST", "/sandbox/clock", json={"now": timestamp(noon)}).status_code == 200
    assert wait_for(lambda: len(inbox(journeys, citizen)) == 2, SECONDS)
    second, _ = inbox(journeys, citizen)
    assert (second["amount"], second["payment_status"]) == (4000, "NOT_PAID")
    assert second["category"]["rptId"] == f"{PAYEE}{SECOND}"
    path = f"{INBOX}/{second['id']}/reminders"
    plan = journeys.as_citizen("GET", path, token=journeys.token(citizen)).json()
    assert plan["next"]["at"] > timestamp(noon)
