"""A page of the inbox is written without its model, and as the model writes it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.http.contract.answers import Answer, success_response
from functions.http.views.inbox.items import InboxPageAnswer
from functions.http.views.inbox.members import page_answer
from infra.local.sandbox.seed import CITIZEN
from lib.ports.documents import Document
from lib.repositories.inbox.inbox import InboxPage
from lib.repositories.messages.message_mapping import summary_of

STORED: Document = {
    "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "fiscal_code": CITIZEN,
    "created_at": "2026-11-23T09:00:00.000Z",
    "sender_service_id": "sandbox-service",
    "time_to_live": 3600,
    "service_name": "Tassa sui rifiuti",
    "organization_name": "Comune di Esempio",
    "organization_fiscal_code": "01234567890",
    "message_title": "Tassa sui rifiuti",
    "is_read": False,
    "is_archived": False,
    "category": {"tag": "GENERIC"},
    "has_attachments": False,
    "precondition": "NEVER",
}
RPT_ID = "01234567890301000000000000017"
OPTIONAL: dict[str, Any] = {
    "category": {"tag": "PAYMENT", "rptId": RPT_ID},
    "due_date": "2027-06-30T21:59:59.000Z",
    "amount": 0,
    "payment_status": "PAID",
    "is_starred": True,
    "kept_until": "2027-11-23T09:00:00.000Z",
    "about": {"kind": "VEHICLE", "label": "Panda", "identifier": "AB123CD"},
    "binned_until": "2026-12-24T09:00:00.000Z",
    "amended_at": ["2026-11-24T09:00:00.000Z", "2026-11-25T09:00:00.000Z"],
    "withdrawal": {
        "at": "2026-11-26T09:00:00.000Z",
        "reason": "Errore di calcolo",
        "superseded_by": "01ARZ3NDEKTSV4RRFFQ69G5FAW",
    },
}


def body_of(*documents: Document, more: bool = False, enrich: bool = True) -> bytes:
    """Return the body of the answer with a page of these stored messages."""
    items = [summary_of(document) for document in documents]
    end = items[-1].id if more else None
    page = InboxPage(items, end, items[0].id if items else None)
    body: bytes = success_response(Answer(200, page_answer(page, enrich=enrich)), {}, {}).get_body()
    return body


def by_the_model(body: bytes) -> bytes:
    """Return the body as the declared model writes it: without names that it does not have."""
    page = InboxPageAnswer.model_validate_json(body)
    return page.model_dump_json(by_alias=True, exclude_none=True).encode()


@given(
    members=st.sets(st.sampled_from(sorted(OPTIONAL))),
    title=st.text(),
    precondition=st.sampled_from(["ALWAYS", "ONCE", "NEVER"]),
    is_read=st.booleans(),
    count=st.integers(0, 3),
    more=st.booleans(),
    enrich=st.booleans(),
)
def test_the_model_would_write_the_same_bytes(
    members: set[str], *, title: str, count: int, more: bool, enrich: bool, **fields: Any
) -> None:
    """The order of the members, the absent ones and the letters are those of the model."""
    optional = {name: OPTIONAL[name] for name in members}
    document = {**STORED, **fields, "message_title": title, **optional}

    body = body_of(*[document] * count, more=more and count > 0, enrich=enrich)

    assert body == by_the_model(body)


def test_each_optional_member_is_written() -> None:
    """The bytes have what the store has."""
    page = InboxPageAnswer.model_validate_json(body_of({**STORED, **OPTIONAL}))

    found = page.items[0].model_dump(exclude_none=True)
    assert {
        "category": {"tag": "PAYMENT", "rptId": RPT_ID},
        "due_date": "2027-06-30T21:59:59.000Z",
        "amount": 0,
        "payment_status": "PAID",
        "amended_at": OPTIONAL["amended_at"],
        "withdrawn_at": "2026-11-26T09:00:00.000Z",
        "withdrawal_reason": "Errore di calcolo",
        "superseded_by": "01ARZ3NDEKTSV4RRFFQ69G5FAW",
    }.items() <= found.items()


def test_a_withdrawal_alone_has_its_time_alone() -> None:
    """A withdrawal without a reason and a later message adds one member."""
    body = body_of({**STORED, "withdrawal": {"at": "2026-11-26T09:00:00.000Z"}})

    assert body == by_the_model(body)
    assert b"withdrawn_at" in body
