"""What a developer finds in the host's log: what was refused and why, and which message ran."""

import re
from functools import partial

import pytest

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY
from tests.builders.messages import a_message
from tests.host.host_process import wait_for
from tests.journeys.support import SUBMIT, Journeys

LINE = r"\d\d:\d\d:\d\d\.\d{3} "


def _shows(journeys: Journeys, pattern: str) -> bool:
    return re.search(pattern, journeys.host.output) is not None


@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_a_line_names_the_message_and_the_answer_names_the_line(journeys: Journeys) -> None:
    """Accepted, fanned out, notified, read: the same id; and the request's id in the answer."""
    headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
    url = f"{journeys.base}{SUBMIT}"
    answer = journeys.session.post(url, json=a_message(), headers=headers, timeout=10)
    id_, request_id = answer.json()["id"], answer.headers["x-request-id"]

    for function in ("submit_message", "fan_out_message", "send_notification"):
        pattern = rf"{LINE}(201|ok) {function} \d+\.\d ms [0-9a-f]{{8}} {id_}\n"
        wait_for(partial(_shows, journeys, pattern), 30)
    assert re.search(rf"{LINE}201 submit_message .*{request_id[:8]} {id_}\n", journeys.host.output)


@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_a_line_of_a_refusal_says_what_was_refused_and_why(journeys: Journeys) -> None:
    """Method, declared route (a path may name a citizen) and the problem's title."""
    headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
    path = f"{SUBMIT}/{CITIZEN}/01J0000000000000000000000A"
    journeys.session.get(f"{journeys.base}{path}", headers=headers, timeout=10)

    told = r"GET /api/v1/messages/\{fiscal_code\}/\{id\} \(Message not found\)\n"
    wait_for(lambda: re.search(rf"{LINE}404 read_sent_message .*{told}", journeys.host.output), 10)
