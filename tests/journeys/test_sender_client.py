"""The senders' package against the real host: its calls, its README's examples, its fixture."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.http.citizen.certificates.requests import PATH as CERTIFICATE_REQUESTS
from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID
from recapito import Conflict, NewMessage, NewNotice, NewOffer, NotFound, Recapito
from recapito.models.batches import Text
from recapito.models.notices import NoticeTerms
from tests.builders.files import a_pdf
from tests.host.host_process import ROOT, wait_for
from tests.journeys.sender_client import LETTER, UNKNOWN, blocks, environment
from tests.journeys.support import Journeys

pytestmark = [
    pytest.mark.slow,
    # the client meets one API, whatever stores are behind it
    pytest.mark.parametrize("journeys", ["embedded"], indirect=True),
]


def test_notices_and_withdrawals(journeys: Journeys) -> None:
    """The calls that the README has no example of, and their answers."""
    citizen = journeys.new_citizen()
    due = (journeys.now() + timedelta(days=30)).date()
    notice = NewNotice(
        fiscal_code=citizen,
        notice_number="302000000000002010",
        amount_cents=4225,
        due_date=due,
        subject="Mensa scolastica, giugno",
    )
    with Recapito(journeys.base, SENDER_KEY) as client:
        assert client.notices.dry_run(notice).outcome == "NEW"
        rpt_id = client.notices.send(notice).rpt_id
        assert client.notices.send(notice).changed == ()
        terms = NoticeTerms(subject=notice.subject, amount_cents=4000, due_date=due)
        assert client.notices.amend(rpt_id, 1, terms).changed == ("amount_cents",)
        with pytest.raises(Conflict):
            client.notices.amend(rpt_id, 1, replace(terms, amount_cents=3000))
        assert client.notices.cancel(rpt_id).cancelled_at is not None
        assert client.notices.reopen(rpt_id).cancelled_at is None

        message = NewMessage(fiscal_code=citizen, subject="Carta di identità", markdown=LETTER)
        sent = client.messages.send(message, idempotency_key=f"once-{citizen}")
        assert client.messages.send(message, idempotency_key=f"once-{citizen}").id == sent.id
        journeys.settled(sent.id, citizen)
        withdrawn = client.messages.withdraw(citizen, sent.id, "L'importo era sbagliato.")
        assert client.messages.read(citizen, sent.id).withdrawal == withdrawn
        found = {one.id for one in client.sent.search(fiscal_code=citizen, page_size=1)}
        assert sent.id in found
        assert len(found) == 2
        yesterday = journeys.now().date() - timedelta(days=1)

        def is_listed() -> bool:
            listed = client.sent.list(first=yesterday, status="PROCESSED")
            return sent.id in {one.id for one in listed}

        assert wait_for(is_listed)


def test_templates_and_steps_of_a_batch(journeys: Journeys) -> None:
    """A stored template is written, shown, sent and deleted."""
    with Recapito(journeys.base, SENDER_KEY) as client:
        text = Text("Iscrizioni alla mensa", LETTER)
        saved = client.templates.save("mensa", text, variants={"de_DE": text})
        assert [one.name for one in saved.placeholders] == ["nome"]
        with pytest.raises(Conflict):
            client.templates.save("mensa", text, if_match='"99"')
        assert client.templates.read("mensa", saved.version) == saved
        assert "Gentile Mario" in client.templates.preview("mensa", {"nome": "Mario"}).markdown
        assert "mensa" in {one.name for one in client.templates.list()}

        inline = client.batches.create(
            "Mensa", template="mensa", recipients=[{"fiscal_code": UNKNOWN, "nome": "Lucia"}]
        )
        assert client.batches.wait_checked(inline.id).status == "CHECKED"
        with pytest.raises(Conflict):
            client.batches.approve(inline.id)
        assert client.batches.send(inline.id).status == "RUNNING"
        assert list(client.batches.follow(inline.id))[-1].status == "FINISHED"
        assert client.batches.retry(inline.id).status == "RUNNING"
        client.templates.delete("mensa")
        with pytest.raises(NotFound):
            client.templates.read("mensa")


def test_the_examples_of_the_readme(journeys: Journeys, tmp_path: Path) -> None:
    """The examples of the package run one after the other, as a user pastes them."""
    examples = [one for one in blocks("python") if "def test_" not in one]
    assert len(examples) == 6
    (tmp_path / "libretto.pdf").write_bytes(a_pdf())
    with Recapito(journeys.base, SENDER_KEY) as client:
        client.certificates.save("prova", NewOffer("Prova", "Per gli usi consentiti.", days=10))
        assert "prova" in {one.name for one in client.certificates.list()}
    wanted = {"service_id": SERVICE_ID, "certificate": "prova"}
    citizen = journeys.token("RSSMRA80A01H501U")
    asked = journeys.as_citizen("POST", CERTIFICATE_REQUESTS, token=citizen, json=wanted)
    assert asked.status_code == 201, asked.text
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(examples)],
        cwd=tmp_path,
        env=environment(journeys),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "REACHABLE"
    assert any(line.startswith("/content/markdown") for line in lines)
    assert any(line.startswith("3 cf ") for line in lines), lines
    assert "FINISHED 100" in lines
    with Recapito(journeys.base, SENDER_KEY) as client:
        answered = client.certificates.read(asked.json()["id"])
        assert answered.status == "FULFILLED"
        assert answered.message_id is not None
        client.certificates.remove("prova")
        refused = client.attachments.upload(tmp_path / "tari.csv", "tari.pdf")
        assert (refused.status, refused.refusal) == ("REFUSED", "WRONG_FORM")
        client.attachments.discard(refused.id)


def test_the_fixture_for_the_tests_of_others(journeys: Journeys, tmp_path: Path) -> None:
    """The README's example passes in a folder of its own, with a host of its own."""
    (example,) = (one for one in blocks("python") if "def test_" in one)
    (tmp_path / "test_example.py").write_text(example)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "recapito.pytest_plugin", "-p", "no:randomly"],
        cwd=tmp_path,
        env={**environment(), "RECAPITO_HOME": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
