"""Calls that meet every declared answer about delegations and the parties of a delegate."""

from typing import Final

from lib.adapters.embedded.registers.scripted_representatives import GUARDIAN, WARD
from tests.builders.parties import an_offer
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.support import INBOX, Journeys

DELEGATIONS: Final = "/api/identity/v1/delegations"
PARTIES: Final = "/api/identity/v1/parties"
OWNER: Final = "WNERAA80A01H501U"
DELEGATE: Final = "DLGATE80A01H501U"


def parties(journeys: Journeys) -> None:
    """Meet every answer to an owner and to a delegate, and act by the delegation."""
    owner, delegate = journeys.token(OWNER), journeys.token(DELEGATE)
    offer = journeys.as_citizen("POST", DELEGATIONS, token=owner, json=an_offer())
    assert offer.status_code == 201, offer.text
    code, id_ = {"code": offer.json()["code"]}, offer.json()["id"]
    for status, method, path, body, who in (
        (409, "POST", PARTIES, code, owner),
        (200, "POST", PARTIES, code, delegate),
        (404, "POST", PARTIES, {"code": "none"}, delegate),
        (400, "POST", PARTIES, {"code": ""}, delegate),
        (400, "POST", DELEGATIONS, an_offer(rights=["ACT"]), owner),
        (200, "GET", DELEGATIONS, None, owner),
        (200, "GET", PARTIES, None, delegate),
    ):
        answer = journeys.as_citizen(method, path, token=who, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    acting = journeys.call(
        "POST", "/sandbox/token", json={"fiscal_code": DELEGATE, "acting_for": OWNER}
    ).json()["token"]
    assert journeys.as_citizen("GET", INBOX, token=acting).status_code == 200
    assert journeys.as_citizen("GET", PARTIES, token=acting).status_code == 403
    for path, who in ((DELEGATIONS, owner), (PARTIES, delegate)):
        for status, data, headers in ((413, b" " * 70_000, {}), (415, b"{}", PACKED)):
            answer = journeys.as_citizen("POST", path, token=who, data=data, headers=headers)
            assert answer.status_code == status, f"{path}: {answer.text}"
        assert journeys.as_citizen("GET", f"{path}?x=1", token=who).status_code == 400
        for status, method, ending, token in (
            (401, "GET", "", "x"),
            (401, "POST", "", "x"),
            (401, "DELETE", f"/{id_}", "x"),
            (400, "DELETE", "/x", who),
            (404, "DELETE", f"/{NOWHERE}", who),
            (204, "DELETE", f"/{id_}", who),
        ):
            answer = journeys.as_citizen(method, path + ending, token=token, json={})
            assert answer.status_code == status, f"{method} {path}{ending}: {answer.text}"
    assert journeys.as_citizen("GET", INBOX, token=acting).status_code == 403
    _registered(journeys)


def _registered(journeys: Journeys) -> None:
    """Meet the answers to both sides of a delegation of a register, which neither can end."""
    guardian = journeys.token(GUARDIAN)
    (party,) = journeys.as_citizen("GET", PARTIES, token=guardian).json()["items"]
    for path, who in ((DELEGATIONS, journeys.token(WARD)), (PARTIES, guardian)):
        answer = journeys.as_citizen("DELETE", f"{path}/{party['id']}", token=who, json={})
        assert answer.status_code == 409, answer.text
