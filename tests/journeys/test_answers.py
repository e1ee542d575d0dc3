"""Every answer over HTTP: each declared status is met, and the host's log has a line of it.

All journeys hold their answers against /openapi.json (tests/journeys/support.py). Here each
declared status is met once, so that no status is declared that never comes.
"""

import re
from functools import partial

import pytest

from infra.local.sandbox.seed import (
    CITIZEN,
    LIMITED_KEY,
    MANAGE_KEY,
    OPERATOR_KEY,
    SENDER_KEY,
)
from lib.rendering.email.links import UNSUBSCRIBE_PATH
from tests.builders.messages import a_message
from tests.host.host_process import wait_for
from tests.journeys.answers.activations import (
    activations,
    organization_logos,
    service_rights,
    subscriptions_feed,
)
from tests.journeys.answers.attachments import WITHOUT_SCANNER, attachments
from tests.journeys.answers.batches import batches, expired_files
from tests.journeys.answers.catalog import catalog
from tests.journeys.answers.certificates import certificates
from tests.journeys.answers.checks import checks
from tests.journeys.answers.citizens import (
    TRANSLATED,
    citizens,
    inboxes,
    papers,
    reminders,
    translations,
)
from tests.journeys.answers.console import OF_CONSOLE, console
from tests.journeys.answers.older import app_info, send_activation
from tests.journeys.answers.operators import replays, strangers
from tests.journeys.answers.organizations import organizations
from tests.journeys.answers.parties import parties
from tests.journeys.answers.paths import (
    DASHBOARD,
    DEAD_LETTERS,
    DOUBTFUL,
    NOWHERE,
    OPERATORS_LOG,
    QUEUES,
    REMINDER_POLICY,
)
from tests.journeys.answers.payments import notices, payments
from tests.journeys.answers.profiles import devices, links, settings, validations
from tests.journeys.answers.remote_content import OF_THE_INSTALLATION, remote_content
from tests.journeys.answers.senders import policies, recipients, submissions
from tests.journeys.answers.sent import sent_messages
from tests.journeys.answers.services import services
from tests.journeys.answers.sign_in import OF_SIGN_IN, sign_in
from tests.journeys.answers.templates import templates
from tests.journeys.answers.user_data import user_data
from tests.journeys.answers.vouchers import vouchers
from tests.journeys.support import INBOX, SUBMIT, Journeys

IO_SENDERS = (SUBMIT, "/api/v1/profiles")
"""The endpoints at which an outage is a 429."""

OUR_FAULT = {500, 503}
"""Every endpoint declares these, and tests/faults meets them: a sound host gives none."""


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE"])
def test_a_wrong_method_is_405_with_the_right_ones(journeys: Journeys, method: str) -> None:
    """The answer comes at once, and the connection still serves."""
    for path, right in ((SUBMIT, {"POST", "GET", "HEAD"}), (INBOX, {"GET", "HEAD"})):
        answer = journeys.call(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {*right, "OPTIONS"}
        assert answer.json()["status"] == answer.json()["statusCode"] == 405
    journeys.token()


def test_head_is_get_without_its_body(journeys: Journeys) -> None:
    """Mail programs and monitors send HEAD, also for pages that links in e-mails open."""
    # an inbox that nothing comes to between the two calls
    token = journeys.token("INBOFF00A00A000A")
    for path, status in (("/openapi.json", 200), (INBOX, 200), (f"{UNSUBSCRIBE_PATH}/none", 404)):
        got = journeys.as_citizen("GET", path, token=token)
        head = journeys.as_citizen("HEAD", path, token=token)
        assert (head.status_code, head.content) == (got.status_code, b"") == (status, b"")
        for name in ("content-type", "content-length"):
            assert head.headers[name] == got.headers[name]


def test_a_web_page_may_ask_and_then_call(journeys: Journeys) -> None:
    """A preflight needs no key; the answer admits every origin, without credentials."""
    page = {"Origin": "https://ente.example", "Access-Control-Request-Method": "POST"}
    asked = journeys.call("OPTIONS", SUBMIT, headers=page)
    assert (asked.status_code, asked.content) == (204, b"")
    assert "POST" in asked.headers["access-control-allow-methods"]
    called = journeys.as_sender("POST", SUBMIT, json=a_message(), headers=page)
    for answer in (asked, called):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/api", "/api/v1", "/api/v2/messages", "/messages", "//"])
def test_an_unknown_path_is_a_problem_in_both_forms(journeys: Journeys, path: str) -> None:
    """The answer has the members of the gateway and those of a problem."""
    answer = journeys.call("GET", path)

    assert answer.status_code == 404
    assert answer.json()["statusCode"] == answer.json()["status"] == 404
    assert answer.json()["message"] == answer.json()["detail"] == "Resource not found"


def test_every_declared_answer_is_met(journeys: Journeys) -> None:
    """Each declared status is met, and the session fails where an answer is not as declared."""
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
        (200, QUEUES, OPERATOR_KEY),
        (400, f"{QUEUES}?queue=x", OPERATOR_KEY),
        (200, "/status", "nobody's"),
        (400, "/status?queue=x", OPERATOR_KEY),
        (400, "/openapi.json?audience=x", OPERATOR_KEY),
        (400, f"{DEAD_LETTERS}?limit=5", OPERATOR_KEY),
        (400, f"{REMINDER_POLICY}?days=5", MANAGE_KEY),
        (200, DOUBTFUL, OPERATOR_KEY),
        (400, f"{DOUBTFUL}?limit=0", OPERATOR_KEY),
        (401, DOUBTFUL, "nobody's"),
        (403, DOUBTFUL, SENDER_KEY),
        (200, OPERATORS_LOG, OPERATOR_KEY),
        (400, f"{OPERATORS_LOG}?limit=0", OPERATOR_KEY),
        (401, OPERATORS_LOG, "nobody's"),
        (403, OPERATORS_LOG, SENDER_KEY),
        (401, QUEUES, "nobody's"),
        (403, QUEUES, SENDER_KEY),
        *(
            (status, f"{DASHBOARD}{ending}", key)
            for ending in ("", ".csv")
            for status, key in ((200, SENDER_KEY), (401, "nobody's"), (403, OPERATOR_KEY))
        ),
        *(
            (status, f"/api/v1/limits{query}", key)
            for status, query, key in (
                (200, "", SENDER_KEY),
                (400, "?x=1", SENDER_KEY),
                (401, "", "nobody's"),
                (403, "", OPERATOR_KEY),
            )
        ),
        (400, f"{DASHBOARD}?from=2026-13-01", SENDER_KEY),
        (400, f"{DASHBOARD}.csv?from=2020-01-01&to=2026-01-01", SENDER_KEY),
    ):
        assert journeys.as_sender("GET", path, key=key).status_code == status, path
    assert journeys.call("GET", "/openapi.json").status_code == 200

    recipients(journeys)
    citizens(journeys, id_)
    inboxes(journeys, id_)
    papers(journeys, id_)
    translations(journeys, id_)
    citizens(journeys, journeys.deliver(), SUBMIT, "message-status")
    send_activation(journeys)
    user_data(journeys)
    sign_in(journeys)
    console(journeys)
    parties(journeys)
    app_info(journeys)
    for version, base in enumerate(("/api/identity/v1", "/api/v1")):
        settings(journeys, base, version)
        validations(journeys, base, f"ADDRES0{version}A00A000A")
    links(journeys)
    devices(journeys)
    payments(journeys)
    reminders(journeys, id_)
    remote_content(journeys, id_)
    for meet in (
        policies,
        notices,
        replays,
        checks,
        organizations,
        services,
        activations,
        subscriptions_feed,
        service_rights,
        organization_logos,
        sent_messages,
        catalog,
        templates,
        batches,
        attachments,
        certificates,
        vouchers,
        strangers,
        expired_files,
    ):
        meet(journeys)

    declared = journeys.session.declared
    unmet = OF_THE_INSTALLATION | OF_SIGN_IN | OF_CONSOLE | WITHOUT_SCANNER | TRANSLATED
    missing = sorted(
        f"{method} {path} {status}"
        for method, path, status in declared.answers - declared.met - unmet
        if status not in OUR_FAULT and (status, path.startswith(IO_SENDERS)) != (429, True)
    )
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("field", ["title", "detail"])
def test_a_problem_says_what_is_wrong(journeys: Journeys, field: str) -> None:
    """Title, detail, and the pointer and detail of each error have text."""
    answer = journeys.as_sender("POST", SUBMIT, json={"content": {"subject": "x"}})

    assert answer.json()[field]
    assert all(error["pointer"] and error["detail"] for error in answer.json()["errors"])


LINE = r"\d\d:\d\d:\d\d\.\d{3} "


def _shows(journeys: Journeys, pattern: str) -> bool:
    return re.search(pattern, journeys.host.output) is not None


@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_a_line_names_the_message_and_the_answer_names_the_line(journeys: Journeys) -> None:
    """The lines of all functions have the message's id, and the answer has the request's id."""
    headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
    url = f"{journeys.base}{SUBMIT}"
    answer = journeys.session.post(url, json=a_message(), headers=headers, timeout=60)
    id_, request_id = answer.json()["id"], answer.headers["x-request-id"]

    for function in ("submit_message", "fan_out_message"):
        pattern = rf"{LINE}(201|ok) {function} \d+\.\d ms [0-9a-f]{{8}} {id_}\n"
        wait_for(partial(_shows, journeys, pattern))
    assert re.search(rf"{LINE}201 submit_message .*{request_id[:8]} {id_}\n", journeys.host.output)


@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_the_log_line_of_a_refusal_has_route_and_reason(journeys: Journeys) -> None:
    """The line has the method, the declared route and the problem's title."""
    headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
    path = f"{SUBMIT}/{CITIZEN}/01J0000000000000000000000A"
    journeys.session.get(f"{journeys.base}{path}", headers=headers, timeout=60)

    told = r"GET /api/v1/messages/\{fiscal_code\}/\{id\} \(Message not found\)\n"
    wait_for(lambda: re.search(rf"{LINE}404 read_sent_message .*{told}", journeys.host.output))
