"""The command line: its letters, its key and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from clients.python.tests.command import BATCH, run
from clients.python.tests.small_server import DROP, KEY, Reply, SmallServer

from recapito import transport
from recapito.cli import state as states
from recapito.cli.config import find_access
from recapito.cli.exits import UsageError
from recapito.cli.letters import read_letter
from recapito.cli.main import main
from recapito.models.batches import Text

CHECK = {"rows": 2, "good": 2, "wrong": 0, "counts": {"REACHABLE": 2}, "doubts": []}
CHECKED = {**BATCH, "status": "CHECKED", "check": CHECK}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a list and a letter."""
    (tmp_path / "tari.csv").write_text("cf\nRSSMRA80A01H501U\n")
    (tmp_path / "tari.md").write_text("# Tassa sui rifiuti\n\nGentile {{ nome }}, ecco l'avviso.\n")
    return tmp_path


def send(server: SmallServer, folder: Path, *arguments: str) -> int:
    """Run `recapito send` with the list and the letter."""
    letter = ("--template", str(folder / "tari.md"))
    return run(server, folder, "send", str(folder / "tari.csv"), *letter, *arguments)


def test_a_lost_answer_makes_no_second_batch(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key of the batch is stored before it is made, so the next command finds the batch."""
    server.replies = [Reply(kind=DROP)]
    assert send(server, folder) == 3
    server.replies = [Reply(201, BATCH), Reply(202, CHECKED), Reply(body={"items": []})]
    assert send(server, folder) == 0

    made = [one for one in server.requests if one.path == "/api/v1/batches"]
    assert len(made) == 3
    assert len({one.headers["idempotency-key"] for one in made}) == 1
    assert made[0].json()["content"]["subject"] == "Tassa sui rifiuti"
    assert (folder / "tari.csv.recapito.json").stat().st_mode & 0o077 == 0
    assert "--confirm" in capsys.readouterr().out


def test_a_sent_list_is_not_sent_again(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list that was edited after it was sent is refused, unless the user insists."""
    server.replies = [Reply(201, BATCH), Reply(202, CHECKED)]
    assert send(server, folder) == 0
    with (folder / "tari.csv").open("a") as file:
        file.write("VRDLCU85M41F205J\n")
    sent = {**CHECKED, "status": "RUNNING", "started_at": "2026-11-29T10:00:00Z"}
    server.replies = [Reply(body=sent)]
    before = len(server.requests)
    assert send(server, folder, "--confirm") == 2
    assert [one.method for one in server.requests[before:]] == ["GET"]
    assert "--new" in capsys.readouterr().err

    server.replies = [Reply(201, BATCH), Reply(202, CHECKED)]
    assert send(server, folder, "--new") == 0


def test_the_unreached_come_with_their_domiciles(
    server: SmallServer,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command waits for the register, and writes the file once it is whole."""
    monkeypatch.chdir(folder)
    progress = {"done": 2, "total": 2, "percent": 100, "outcomes": {"REJECTED": 2}, "reasons": {}}
    ended = Reply(body={**CHECKED, "status": "FINISHED", "progress": progress})
    content = b"fiscal_code,digital_domicile\r\nVRDLCU85M41F205J,lucia.verdi@pec.example.org\r\n"
    pending = Reply(202, {"lists": 1, "ready": 0}, {"Retry-After": "0"})
    server.replies = [ended, ended, Reply(body=b"row\r\n"), pending, Reply(body=content)]
    monkeypatch.setattr(transport, "NOT_READY_SECONDS", 0.01)

    assert run(server, folder, "send", "--resume", f"{BATCH['id']}", "--digital-domicile") == 0
    assert (folder / f"{BATCH['id']}.unreached.csv").read_bytes() == content
    asked = [one.path for one in server.requests if "digital_domicile=true" in one.path]
    assert len(asked) == 2
    assert "digital domiciles" in capsys.readouterr().err


def test_a_suggested_command_keeps_the_wish_for_domiciles(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The user runs it as it is printed."""
    server.replies = [Reply(201, BATCH), Reply(202, CHECKED), Reply(body={"items": []})]
    assert send(server, folder, "--digital-domicile") == 0
    assert "--confirm --digital-domicile" in capsys.readouterr().out


def test_doubts_and_wrong_rows_are_not_confirmed(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is sent before the user says so; the doubts are named."""
    doubts = ["TEST_TEXT", "UNUSED_PAYMENT_COLUMNS", "A_NEW_ONE"]
    source = {
        "form": "CSV",
        "encoding": "utf-8",
        "columns": [["cf", "fiscal_code"], ["Totale importo", "totale_importo"]],
        "unused_payment_columns": ["Totale importo"],
    }
    doubted = {**CHECKED, "check": {**CHECK, "doubts": doubts, "source": source}}
    server.replies = [Reply(201, BATCH), Reply(202, doubted)]
    assert send(server, folder, "--confirm", "--lang", "it") == 1

    shown = capsys.readouterr().out
    assert "il testo sembra una prova" in shown
    assert "le colonne Totale importo sembrano di un pagamento" in shown
    assert "A_NEW_ONE" in shown
    assert "--accept-doubts" in shown
    assert not any(one.path.endswith("/send") for one in server.requests)


def test_an_interruption_says_how_to_go_on(
    server: SmallServer,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C leaves the batch as it is, and the exit code is 130."""

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    running = {**CHECKED, "status": "RUNNING"}
    server.replies = [Reply(201, BATCH), Reply(202, CHECKED), Reply(202, running)]
    monkeypatch.setattr("recapito.calls.batches.time.sleep", interrupted)
    assert send(server, folder, "--confirm") == 130
    assert f"--resume {BATCH['id']}" in capsys.readouterr().err


def test_json_is_one_object(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The standard output has nothing else."""
    server.replies = [Reply(201, BATCH), Reply(202, CHECKED)]
    assert send(server, folder, "--json") == 0
    printed = capsys.readouterr()
    facts: dict[str, Any] = json.loads(printed.out)
    assert facts["batch"]["check"]["counts"] == {"REACHABLE": 2}
    assert facts["exit_code"] == 0
    assert printed.err == ""


def test_the_key_is_never_shown(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`recapito keys` names its source and its limits."""
    calls = {"limit": 150, "seconds": 5, "remaining": 149, "is_near_limit": False}
    others = [{"name": "message_body", "limit": 262144, "unit": "bytes"}]
    server.replies = [Reply(body={"calls": calls, "others": others})]
    assert run(server, folder, "keys") == 0
    printed = capsys.readouterr()
    assert "RECAPITO_KEY" in printed.out
    assert "149" in printed.out
    assert KEY not in printed.out + printed.err


def test_wrong_codes_are_named_by_their_lines(
    server: SmallServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API names the place in the request; the user sees the line of the file."""
    path = folder / "codes.txt"
    path.write_text("# citizens\nRSSMRA80A01H501U\n\nnonsense\n")
    fault = {"pointer": "/fiscal_codes/1", "detail": "must be a fiscal code"}
    server.replies = [Reply(400, {"title": "Invalid", "errors": [fault]})]
    assert run(server, folder, "reach", str(path)) == 1
    assert "line 4: must be a fiscal code" in capsys.readouterr().err


def test_a_refusal_is_no_lost_connection(server: SmallServer, folder: Path) -> None:
    """A wrong key gives 1, an outage 3, a missing file 2."""
    server.replies = [Reply(401, {"title": "Unauthorized"})]
    assert run(server, folder, "status") == 1
    server.replies = [Reply(503)]
    assert run(server, folder, "status") == 3
    assert run(server, folder, "reach", str(folder / "none.txt")) == 2
    assert run(server, folder, "send", str(folder / "none.csv"), "--stored", "tari") == 2


def test_the_configuration_is_its_owner_s(folder: Path) -> None:
    """A key that others can read is refused; profiles have keys of their own."""
    path = folder / "config.toml"
    path.write_text('url = "https://a.example.org"\nkey = "one"\n[profiles.mensa]\nkey = "two"\n')
    environment = {"RECAPITO_CONFIG": str(path)}
    path.chmod(0o644)
    with pytest.raises(UsageError, match="open_config"):
        find_access(environment)

    path.chmod(0o600)
    assert find_access(environment).key == "one"
    access = find_access({**environment, "RECAPITO_KEY": "three"}, profile="mensa")
    assert (access.key, access.url) == ("two", "https://a.example.org")
    assert find_access({**environment, "RECAPITO_KEY": "three"}).key == "three"
    assert "two" not in repr(access)
    with pytest.raises(UsageError, match="no_key"):
        find_access({"RECAPITO_CONFIG": str(folder / "none.toml")})


@pytest.mark.parametrize(
    "letter",
    [
        "# Tassa sui rifiuti\n\nIl testo.\n",
        "---\nsubject: Tassa sui rifiuti\n---\nIl testo.\n",
        '\ufeff---\noggetto: "Tassa sui rifiuti"\n---\n\nIl testo.\n',
    ],
)
def test_a_letter_has_its_subject(tmp_path: Path, letter: str) -> None:
    """It is the first heading, or stands in the front matter; variants stand beside it."""
    (tmp_path / "tari.md").write_text(letter, encoding="utf-8")
    (tmp_path / "tari.de.md").write_text("# Müllgebühr\n\nDer Text.\n", encoding="utf-8")
    (tmp_path / "tari.v2.md").write_text("another file")
    found = read_letter(tmp_path / "tari.md")
    assert found.text == Text("Tassa sui rifiuti", "Il testo.\n")
    assert found.variants == {"de_DE": Text("Müllgebühr", "Der Text.\n")}
    assert read_letter(tmp_path / "tari.md", "Altro").text.subject == "Altro"


@pytest.mark.parametrize(
    ("name", "letter", "text"),
    [
        ("tari.md", "Il testo.\n", "letter_subject"),
        ("tari.md", "# Oggetto\n\n", "letter_empty"),
        ("tari.md", "---\nfrom: me\n---\nIl testo.\n", "letter_front"),
        ("tari.sl.md", "# Odpadki\n\nBesedilo.\n", "letter_language"),
    ],
)
def test_a_wrong_letter_is_refused(tmp_path: Path, name: str, letter: str, text: str) -> None:
    """The user learns which rule it breaks."""
    (tmp_path / "tari.md").write_text("# Tassa sui rifiuti\n\nIl testo.\n")
    (tmp_path / name).write_text(letter)
    with pytest.raises(UsageError, match=text):
        read_letter(tmp_path / "tari.md")


def test_the_help_is_in_the_asked_language(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit codes are a part of it."""
    with pytest.raises(SystemExit):
        main(["send", "--help", "--lang", "it"], {})
    assert "Codici di uscita" in capsys.readouterr().out


def test_two_commands_at_once_share_their_batch(folder: Path) -> None:
    """The second one takes the key that the first one stored."""
    recipients = folder / "tari.csv"
    one, other = (states.new_state("https://a.example.org", recipients, "x") for _ in range(2))

    assert one.key != other.key
    assert states.begin(recipients, one) == one
    assert states.begin(recipients, other) == one
    assert states.read(recipients) == one
    assert {path.name for path in folder.iterdir()} == {
        "tari.csv",
        "tari.csv.recapito.json",
        "tari.md",
    }
