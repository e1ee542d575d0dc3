"""Calls that meet every declared answer about batches."""

from datetime import timedelta
from typing import Any, Final

from requests import codes

from functions.http.pa.batches.recipients import WHOLE_BYTES
from infra.local.sandbox.seed import LIMITED_KEY, OPERATOR_KEY, SENDER_KEY
from lib.adapters.embedded.registers.scripted_digital_domiciles import DOMICILES
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.repositories.batches.batch_files import PART_BYTES
from lib.use_cases.batches.create_batch import MOST_OPEN
from tests.functions.batches.batch_calls import CITIZENS, CONTENT
from tests.functions.batches.kept_files import whole
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import NOWHERE, PACKED
from tests.journeys.answers.sent import UNCOUNTED_KEY
from tests.journeys.support import Journeys

BATCHES: Final = "/api/v1/batches"
BODY: Final[Any] = {"name": "TARI 2027", "content": CONTENT}
ROWS: Final = [{"fiscal_code": CITIZENS[0]}]
STEPS: Final = ("send", "approval", "pause", "resume", "cancellation", "retry", "withdrawal")
WITHDRAWAL: Final = {"reason": "Importo errato"}
FILES: Final = ("problems", "problems.csv", "results.csv", "unreached.csv")
_CSV: Final = {"Content-Type": "text/csv"}
_BYTES: Final = {"Content-Type": "application/octet-stream"}


def batches(journeys: Journeys) -> None:
    """Meet every answer about batches but that to a second person."""
    draft = made(journeys)
    _creations(journeys)
    _refusals(journeys, draft)
    tag = journeys.as_sender("GET", draft).headers["etag"]
    known = {"If-None-Match": tag, "Prefer": "wait=1"}
    assert journeys.as_sender("GET", draft, headers=known).status_code == 304
    for step in ("send", "approval", "pause", "resume", "retry"):
        _answers(journeys, "POST", f"{draft}/{step}", 409)

    finished = _checked(journeys)
    _answers(journeys, "POST", f"{finished}/send", 202)
    _waits(journeys, finished, "FINISHED")
    for file in FILES:
        _answers(journeys, "GET", f"{finished}/{file}", 200)
    _domiciles(journeys, draft)
    _answers(journeys, "POST", f"{finished}/cancellation", 409)
    _answers(journeys, "PUT", f"{finished}/recipients", 409, json=ROWS)
    _answers(journeys, "PUT", f"{finished}/recipients/parts/1", 409, data=b"x", headers=_BYTES)
    _answers(journeys, "POST", f"{finished}/recipients", 409, json=whole([b"x"]))
    _answers(journeys, "POST", f"{finished}/retry", 202)
    _answers(journeys, "POST", f"{finished}/withdrawal", 202, json=WITHDRAWAL)
    _answers(journeys, "POST", f"{draft}/withdrawal", 409, json=WITHDRAWAL)

    waiting = _checked(journeys, start_at=_later(journeys))
    for step in ("send", "pause", "resume", "cancellation"):
        _answers(journeys, "POST", f"{waiting}/{step}", 202)
    _many(journeys)


def approved_batches(journeys: Journeys, key: str) -> None:
    """Meet the answer to a second person: the service approves the batch of an intermediary."""
    path = _checked(journeys, key=key, needs_approval=True)
    _answers(journeys, "POST", f"{path}/send", 202, key=key)
    _answers(journeys, "POST", f"{path}/approval", 202)


def made(journeys: Journeys, *, key: str = SENDER_KEY, **changes: Any) -> str:
    """Make a batch; return its path."""
    answer = _answers(journeys, "POST", BATCHES, 201, key=key, json={**BODY, **changes})
    return f"{BATCHES}/{answer['id']}"


def _domiciles(journeys: Journeys, draft: str) -> None:
    """Meet the answers about digital domiciles: of a draft, and while the register prepares them.

    The sandbox's register has a domicile for each of the citizens.
    """
    with_domiciles = "unreached.csv?digital_domicile=true"
    _answers(journeys, "GET", f"{draft}/{with_domiciles}", 409)
    path = made(journeys, recipients=[{"fiscal_code": code} for code in DOMICILES])
    _waits(journeys, path, "CHECKED")
    _answers(journeys, "POST", f"{path}/send", 202)
    _waits(journeys, path, "FINISHED")
    assert _answers(journeys, "GET", f"{path}/{with_domiciles}", 202)["lists"] == 1
    wait_for(lambda: _file(journeys, f"{path}/{with_domiciles}").count("@pec.") == 2)


def _file(journeys: Journeys, path: str) -> str:
    """Return a file, or "" while it is prepared."""
    answer = journeys.as_sender("GET", path)
    return answer.text if answer.status_code == codes.ok else ""


def _checked(journeys: Journeys, *, key: str = SENDER_KEY, **changes: Any) -> str:
    path = made(journeys, key=key, recipients=ROWS, **changes)
    _waits(journeys, path, "CHECKED")
    return path


def _waits(journeys: Journeys, path: str, status: str) -> None:
    """Wait until the batch has the status."""
    wait_for(lambda: _answers(journeys, "GET", path, 200)["status"] == status)


def _creations(journeys: Journeys) -> None:
    """Meet the refusals of a new batch."""
    _answers(journeys, "POST", BATCHES, 400, json={})
    _answers(journeys, "POST", BATCHES, 404, json={"name": "x", "template": {"name": "ignoto"}})
    _answers(journeys, "POST", BATCHES, 413, data=b" " * 1_100_000)
    _answers(journeys, "POST", BATCHES, 415, data=b"{}", headers=PACKED)
    once = {"Idempotency-Key": "a-declared-batch"}
    _answers(journeys, "POST", BATCHES, 201, json=BODY, headers=once)
    _answers(journeys, "POST", BATCHES, 422, json={**BODY, "lane": "URGENT"}, headers=once)


def _refusals(journeys: Journeys, draft: str) -> None:
    """Meet the refusals of keys, of ids and of bodies, and the first list of recipients."""
    recipients = f"{draft}/recipients"
    _answers(journeys, "GET", BATCHES, 200)
    for method, path in (
        ("GET", BATCHES),
        ("POST", BATCHES),
        ("GET", draft),
        ("PUT", recipients),
        ("PUT", f"{recipients}/parts/1"),
        ("POST", recipients),
        *(("POST", f"{draft}/{step}") for step in STEPS),
        *(("GET", f"{draft}/{file}") for file in FILES),
    ):
        sent = _body(method, path.removeprefix(draft))
        _answers(journeys, method, f"{path}?x=1", 400, **sent)
        _answers(journeys, method, path + UNCOUNTED_KEY, 401, key="", **sent)
        _answers(journeys, method, path, 403, key=OPERATOR_KEY, **sent)
        if path != BATCHES:
            unknown = f"{BATCHES}/{NOWHERE}{path.removeprefix(draft)}"
            _answers(journeys, method, unknown, 404, **sent)
    for step in ("send", "withdrawal"):
        _answers(journeys, "POST", f"{draft}/{step}", 413, data=b" " * 70_000)
        _answers(journeys, "POST", f"{draft}/{step}", 415, data=b"{}", headers=PACKED)
    _answers(journeys, "PUT", recipients, 413, data=b" " * (WHOLE_BYTES + 1), headers=_CSV)
    _answers(journeys, "PUT", recipients, 415, data=b"cf", headers={"Content-Type": "text/plain"})
    part = f"{recipients}/parts/1"
    _answers(journeys, "PUT", part, 413, data=b" " * (PART_BYTES + 1), headers=_BYTES)
    _answers(journeys, "PUT", part, 415, data=b"cf", headers=_CSV)
    _answers(journeys, "POST", recipients, 413, data=b" " * 70_000)
    _answers(journeys, "POST", recipients, 415, data=b"{}", headers=PACKED)
    listed = made(journeys)
    _answers(journeys, "PUT", f"{listed}/recipients/parts/1", 200, data=b"cf\r\n", headers=_BYTES)
    _answers(journeys, "POST", f"{listed}/recipients", 202, json=whole([b"cf\r\n"]))
    listed = made(journeys)
    _answers(journeys, "PUT", f"{listed}/recipients", 202, data=b"cf\r\n", headers=_CSV)


def expired_files(journeys: Journeys) -> None:
    """Meet the answer about files that are not kept any more; the clock goes on by 100 days."""
    path = _checked(journeys)
    _answers(journeys, "POST", f"{path}/cancellation", 202)
    assert journeys.call("POST", "/sandbox/clock", json={"advance": "P100D"}).status_code == 200
    journeys.call("POST", "/admin/functions/sweep", json={})
    wait_for(lambda: "expired_at" in _answers(journeys, "GET", path, 200), 60)
    for file in FILES:
        _answers(journeys, "GET", f"{path}/{file}", 410)


def _later(journeys: Journeys) -> str:
    """Return a start in the future, by the clock of the sandbox."""
    now = parse_timestamp(str(journeys.call("GET", "/sandbox/clock").json()["now"]))
    return timestamp(now + timedelta(days=60))


def _body(method: str, last: str) -> dict[str, Any]:
    """Return a body that the endpoint reads."""
    if method == "GET":
        return {}
    if last.endswith("/parts/1"):
        return {"data": b"cf", "headers": _BYTES}
    if last == "/recipients":
        return {"json": ROWS if method == "PUT" else whole([b"cf"])}
    return {"json": WITHDRAWAL if last == "/withdrawal" else {}}


def _many(journeys: Journeys) -> None:
    """Meet the answer to a service with too many open batches: not the sandbox's, which goes on."""
    key = LIMITED_KEY
    paths = [made(journeys, key=key) for _ in range(MOST_OPEN)]
    _answers(journeys, "POST", BATCHES, 409, key=key, json=BODY)
    _answers(journeys, "POST", f"{paths[0]}/cancellation", 202, key=key)
    _answers(journeys, "POST", BATCHES, 201, key=key, json=BODY)


def _answers(
    journeys: Journeys, method: str, path: str, status: int, *, key: str = SENDER_KEY, **more: Any
) -> Any:
    """Call, check the status, and return the decoded body, or None for a file."""
    answer = journeys.as_sender(method, path, key=key, **more)
    assert answer.status_code == status, f"{method} {path} {status}: {answer.text}"
    return answer.json() if "json" in answer.headers["content-type"] else None
