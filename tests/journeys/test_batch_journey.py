"""A batch on its way from a list to the inboxes, over HTTP, on the host with two workers."""

import csv
import io
import time
from collections import Counter
from datetime import timedelta
from typing import Any, Final

import requests

from lib.domain.shared.values import timestamp
from tests.functions.batches.batch_calls import LETTER, a_list, a_number
from tests.host.host_process import wait_for
from tests.journeys.inbox import listed
from tests.journeys.support import Journeys

PATH: Final = "/api/v1/batches"
ROWS: Final = 40
SLICE: Final = 20
"""The rows that are sent before the first pause, at 120 a minute."""
SECONDS: Final = 120


def batch(journeys: Journeys, id_: str) -> Any:
    """Read a batch."""
    answer = journeys.as_sender("GET", f"{PATH}/{id_}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def when(journeys: Journeys, id_: str, status: str) -> Any:
    """Wait until the batch has this status; return it."""

    def look() -> Any:
        found = batch(journeys, id_)
        return found if found["status"] == status else None

    return wait_for(look, SECONDS)


def steer(journeys: Journeys, id_: str, last: str, **body: Any) -> requests.Response:
    """Ask for a change of the batch's status."""
    answer = journeys.as_sender("POST", f"{PATH}/{id_}/{last}", json=body)
    assert answer.status_code == 202, answer.text
    return answer


def rows_of(journeys: Journeys, id_: str, file: str = "results.csv") -> list[dict[str, str]]:
    """Download a file of the batch as rows."""
    answer = journeys.as_sender("GET", f"{PATH}/{id_}/{file}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_a_batch_is_checked_sent_paused_resumed_and_recalled(journeys: Journeys) -> None:
    """Each row is in its inbox once, with its own text and payment; after the recall, none is."""
    begun = journeys.now()
    citizens = [journeys.new_citizen() for _ in range(ROWS)]
    rows = [[one, f"Nome {n}", a_number(n), "84,50", f"R-{n}"] for n, one in enumerate(citizens)]
    header = ("codice_fiscale", "nome", "numero_avviso", "importo", "riferimento")
    wrong = [citizens[0][:-1] + "1", "Nome", "", "", "R-wrong"]
    body = {"name": "TARI 2027", "content": LETTER, "rows_per_minute": 6 * SLICE}
    made = journeys.as_sender("POST", PATH, json=body)
    assert (made.status_code, made.json()["status"]) == (201, "DRAFT")
    id_ = made.json()["id"]
    content = a_list([*rows, wrong], header)
    uploaded = journeys.as_sender(
        "PUT", f"{PATH}/{id_}/recipients", data=content, headers={"Content-Type": "text/csv"}
    )
    assert uploaded.status_code == 202, uploaded.text

    checked = when(journeys, id_, "CHECKED")["check"]
    assert (checked["good"], checked["wrong"]) == (ROWS, 1)
    assert checked["counts"]["REACHABLE"] == ROWS
    (problem,) = rows_of(journeys, id_, "problems.csv")
    assert problem["reference"] == "R-wrong"

    steer(journeys, id_, "send", skip_wrong_rows=True)
    wait_for(lambda: len(rows_of(journeys, id_)) == SLICE, SECONDS)
    assert steer(journeys, id_, "pause").json()["status"] == "PAUSED"
    time.sleep(1)
    assert len(rows_of(journeys, id_)) == SLICE
    assert batch(journeys, id_)["status"] == "PAUSED"
    steer(journeys, id_, "resume")

    finished = when(journeys, id_, "FINISHED")
    assert finished["progress"]["outcomes"] == {"SENT": ROWS}
    results = rows_of(journeys, id_)
    assert [one["reference"] for one in results] == [f"R-{n}" for n in range(ROWS)]
    assert Counter(one["outcome"] for one in results) == {"SENT": ROWS}
    assert rows_of(journeys, id_, "unreached.csv") == []
    for number, (citizen, one) in enumerate(zip(citizens, results, strict=True)):
        token = journeys.token(citizen)
        (item,) = listed(journeys, token, enrich_result_data="true")["items"]
        assert (item["id"], item["amount"]) == (one["message_id"], 8450)
        opened = journeys.as_citizen("GET", path_of(item["id"]), token=token).json()
        assert opened["content"]["markdown"].startswith(f"Gentile Nome {number}, ")
    assert len(journeys.pushes(results[0]["message_id"])) == 1

    recall_all(journeys, begun)
    for citizen in citizens:
        assert listed(journeys, journeys.token(citizen))["items"] == []


def path_of(id_: str) -> str:
    """Return the path of a message in its citizen's inbox."""
    return f"/api/communication/v1/messages/{id_}"


def recall_all(journeys: Journeys, begun: Any) -> None:
    """Withdraw all that was sent since a time, and wait until all of it is withdrawn.

    The recall itself goes on for half a minute: it searches again for messages that came late.
    """
    body = {
        "reason": "Importo sbagliato",
        "since": timestamp(begun),
        "until": timestamp(journeys.now() + timedelta(seconds=1)),
    }
    answer = journeys.as_sender("POST", "/api/v1/sent-messages/withdrawal", json=body)
    assert answer.status_code == 202, answer.text
    recall = answer.json()["id"]

    def look() -> Any:
        found = journeys.as_sender("GET", f"/api/v1/withdrawals/{recall}").json()
        return found if found.get("withdrawn") == ROWS else None

    assert wait_for(look, SECONDS)["not_withdrawn"] == []


def test_a_batch_with_rows_of_its_own_is_cancelled(journeys: Journeys) -> None:
    """Before it is sent; nothing reaches anybody."""
    citizen = journeys.new_citizen()
    body = {
        "name": "Una prova",
        "content": LETTER,
        "recipients": [{"fiscal_code": citizen, "nome": "Mario"}],
    }
    made = journeys.as_sender("POST", PATH, json=body, headers={"Idempotency-Key": "cancelled"})
    again = journeys.as_sender("POST", PATH, json=body, headers={"Idempotency-Key": "cancelled"})
    assert made.json()["id"] == again.json()["id"]
    id_ = made.json()["id"]
    when(journeys, id_, "CHECKED")
    assert steer(journeys, id_, "cancellation").json()["status"] == "CANCELLED"
    assert journeys.as_sender("POST", f"{PATH}/{id_}/send", json={}).status_code == 409
    assert listed(journeys, journeys.token(citizen))["items"] == []
