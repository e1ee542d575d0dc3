"""`recapito recall`: nothing without --confirm, a bar to the end, the file, the exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from clients.python.tests.command import BATCH, run
from clients.python.tests.small_server import DROP, Reply, SmallServer

ID = str(BATCH["id"])
REASON = "L'importo era sbagliato."
ASKED = {"reason": REASON, "requested_at": "2026-11-29T11:00:00Z"}
FINISHED = {**BATCH, "status": "FINISHED", "started_at": "2026-11-29T10:00:00Z"}
RESULTS = Reply(body=b"row,outcome\n1,WITHDRAWN\n", headers={"Content-Type": "text/csv"})


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the command in the folder to which its result files go."""
    monkeypatch.chdir(tmp_path)


def recalled(status: str, outcomes: dict[str, int], reasons: dict[str, int] | None = None) -> Any:
    """Return a batch during or after its recall."""
    total = sum(outcomes.values())
    counts = {"outcomes": outcomes, "reasons": reasons or {}}
    progress = {"total": total, "done": total, "percent": 100, **counts}
    return {**FINISHED, "status": status, "withdrawal": ASKED, "progress": progress}


def test_nothing_is_withdrawn_without_confirm(
    server: SmallServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command that withdraws is printed; without a reason there is none."""
    server.replies = [Reply(body=FINISHED)]
    assert run(server, tmp_path, "recall", ID) == 2
    assert "--reason" in capsys.readouterr().err
    assert run(server, tmp_path, "recall", ID, "--reason", REASON) == 0
    shown = capsys.readouterr().out

    assert "Nothing was withdrawn." in shown
    assert f"recapito recall {ID} --reason" in shown
    assert {one.method for one in server.requests} == {"GET"}


def test_a_recall_is_followed_to_its_end(
    server: SmallServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """WITHDRAWING is no end; the results are written beside the user's files."""
    server.replies = [
        Reply(body=FINISHED),
        Reply(202, recalled("WITHDRAWING", {})),
        Reply(body=recalled("WITHDRAWING", {"SENT": 1, "WITHDRAWN": 1})),
        Reply(body=recalled("WITHDRAWN", {"WITHDRAWN": 1, "FAILED": 1}, {"FAULT": 1})),
        RESULTS,
    ]
    confirmed = ("recall", ID, "--reason", REASON, "--confirm")
    assert run(server, tmp_path, *confirmed, "--lang", "it") == 0
    shown = capsys.readouterr().out

    (asked,) = (one for one in server.requests if one.method == "POST")
    assert (asked.path, asked.json()) == (f"/api/v1/batches/{ID}/withdrawal", {"reason": REASON})
    assert f"Invio {ID}: WITHDRAWN (i messaggi sono ritirati" in shown
    assert "il messaggio è ritirato" in shown
    assert "un guasto di Recapito" in shown
    # a batch that was recalled cannot be sent again
    assert "recapito retry" not in shown
    assert (tmp_path / f"{ID}.results.csv").read_bytes() == RESULTS.body


def test_messages_that_stay_are_no_success(server: SmallServer, tmp_path: Path) -> None:
    """The exit code is 1, of a later `status` too."""
    kept = recalled("WITHDRAWN", {"WITHDRAWN": 1, "NOT_WITHDRAWN": 1}, {"ALREADY_PAID": 1})
    server.replies = [Reply(body=FINISHED), Reply(202, kept), Reply(body=kept), RESULTS]
    assert run(server, tmp_path, "recall", ID, "--reason", REASON, "--confirm") == 1
    server.replies = [Reply(body=kept)]
    assert run(server, tmp_path, "status", ID) == 1


def test_a_lost_answer_is_followed_by_the_same_command(
    server: SmallServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recall that has begun is not asked for again, and needs neither reason nor --confirm."""
    server.replies = [Reply(body=FINISHED), Reply(kind=DROP)]
    assert run(server, tmp_path, "recall", ID, "--reason", REASON, "--confirm") == 3
    assert "run the same command again" in capsys.readouterr().err
    before = len(server.requests)
    ended = recalled("WITHDRAWN", {"WITHDRAWN": 2})
    server.replies = [Reply(body=recalled("WITHDRAWING", {"SENT": 2})), Reply(body=ended), RESULTS]
    assert run(server, tmp_path, "recall", ID, "--json") == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["batch"]["progress"]["outcomes"] == {"WITHDRAWN": 2}
    assert facts["files"] == [f"{ID}.results.csv"]
    assert {one.method for one in server.requests[before:]} == {"GET"}


def test_a_refusal_is_told(
    server: SmallServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A batch that was not sent is cancelled instead."""
    detail = "the batch is CHECKED: it was not sent: cancel it instead"
    server.replies = [
        Reply(body={**BATCH, "status": "CHECKED"}),
        Reply(409, {"title": "Batch in another status", "detail": detail}),
    ]
    assert run(server, tmp_path, "recall", ID, "--reason", REASON, "--confirm") == 1
    assert "cancel it instead" in capsys.readouterr().err


def test_a_recalled_list_is_not_sent(
    server: SmallServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`send --resume` of a batch that is being withdrawn names the command that follows it."""
    server.replies = [Reply(body=recalled("WITHDRAWING", {"SENT": 2}))]
    assert run(server, tmp_path, "send", "--resume", ID, "--confirm") == 1
    assert f"recapito recall {ID}" in capsys.readouterr().out


def test_a_list_that_cannot_be_read_says_why_in_italian(
    server: SmallServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API's own words come after it: they name the column."""
    problem = {"line": 1, "code": "MISSING_COLUMN", "message": "has no column for nome"}
    source = {"form": "CSV", "encoding": "utf-8", "columns": [], "blank_lines": 0}
    check = {"rows": 0, "good": 0, "wrong": 0, "counts": {}, "doubts": []}
    check["source"] = {**source, "problem": problem}
    server.replies = [Reply(body={**BATCH, "status": "CHECKED", "check": check})]
    assert run(server, tmp_path, "status", ID, "--lang", "it") == 0
    shown = capsys.readouterr().out
    assert "Riga 1: manca una colonna necessaria (has no column for nome)" in shown
