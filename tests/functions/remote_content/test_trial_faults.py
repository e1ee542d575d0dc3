"""A test of a configuration says point by point what is wrong with the host's answers."""

import pytest

from infra.local.sandbox.seed import MANAGE_KEY
from lib.ports.senders.hosts import CallFault, RemoteAnswer
from tests.builders.remote_content import (
    TEST_KEY,
    a_configuration,
    create,
)
from tests.doubles.remote_hosts import MESSAGE, SECRET_TEXT, TEXT, KeptHosts, faults, in_json, tried
from tests.stack import Stack


@pytest.mark.parametrize(
    "fault", ["HOST_NOT_FOUND", "HOST_NOT_PUBLIC", "UNREACHABLE", "TLS", "TIMEOUT", "TOO_LONG"]
)
async def test_a_host_without_an_answer_is_a_fault(
    trial: tuple[Stack, KeptHosts], fault: CallFault
) -> None:
    """The kind of the failure is told; the other calls are made all the same."""
    stack, hosts = trial
    hosts.answers["a%2Fb"] = fault
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    assert await faults(stack, id_) == [("MESSAGE", fault, "")]
    assert len(hosts.calls) == 3


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (in_json({}, 401), [("STATUS", "")]),
        (in_json(MESSAGE, 201), [("STATUS", "")]),
        (in_json(MESSAGE, 302), [("STATUS", "")]),
        (RemoteAnswer(200, "text/html", b"<html>"), [("NOT_JSON", "")]),
        (RemoteAnswer(200, "application/json", b'{"a": "\xe8"}'), [("NOT_JSON", "")]),
        (in_json([MESSAGE]), [("NOT_AN_OBJECT", "")]),
        (in_json({}), [("MEMBER", "")]),
        (
            in_json({**MESSAGE, "details": {"subject": "Corto"}}),
            [("MEMBER", "/details/markdown"), ("MEMBER", "/details/subject")],
        ),
        (in_json({**MESSAGE, "details": TEXT}), [("MEMBER", "/details")]),
        (in_json({"details": MESSAGE["details"]}), [("NOT_LISTED", "/attachments")]),
        (
            in_json({**MESSAGE, "attachments": [{"id": 1}, "x"]}),
            [
                ("MEMBER", "/attachments/0/id"),
                ("MEMBER", "/attachments/0/url"),
                ("MEMBER", "/attachments/1"),
            ],
        ),
        (
            in_json(
                {
                    "attachments": [
                        {
                            "id": "1",
                            "url": "allegati/1.pdf",
                            "content_type": "",
                            "category": "f24",
                        },
                        {"id": "2", "url": "allegati/%2e%2E/2.pdf"},
                    ]
                }
            ),
            [
                ("MEMBER", "/attachments/0/content_type"),
                ("MEMBER", "/attachments/0/category"),
                ("MEMBER", "/attachments/1/url"),
            ],
        ),
    ],
)
async def test_a_wrong_message_has_its_faults(
    trial: tuple[Stack, KeptHosts], answer: RemoteAnswer, expected: list[tuple[str, str]]
) -> None:
    """Each fault has a kind and a place in the host's answer."""
    stack, hosts = trial
    hosts.answers["a%2Fb"] = answer
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    assert await faults(stack, id_) == [("MESSAGE", *fault) for fault in expected]


async def test_a_wrong_precondition_and_attachment_have_their_faults(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """A precondition needs title and markdown; an attachment is a PDF document."""
    stack, hosts = trial
    hosts.answers["precondition"] = in_json({"title": "", "markdown": 1})
    hosts.answers["1.pdf"] = RemoteAnswer(200, "text/html", b"<html>")
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    assert await faults(stack, id_) == [
        ("PRECONDITION", "MEMBER", "/title"),
        ("PRECONDITION", "MEMBER", "/markdown"),
        ("ATTACHMENT", "NOT_A_PDF", ""),
        ("ATTACHMENT", "NOT_A_PDF", ""),
    ]


async def test_the_answer_has_no_secret_and_no_content(trial: tuple[Stack, KeptHosts]) -> None:
    """A wrong answer of the host about a citizen is not repeated."""
    stack, hosts = trial
    hosts.answers["a%2Fb"] = in_json({"details": {"subject": SECRET_TEXT * 9, "markdown": "x"}})
    hosts.answers["precondition"] = RemoteAnswer(401, "text/plain", SECRET_TEXT.encode())
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    text = str((await tried(stack, id_)).body)

    assert SECRET_TEXT not in text
    assert TEST_KEY not in text


async def test_a_host_that_wants_signatures_gets_a_hint(trial: tuple[Stack, KeptHosts]) -> None:
    """A test has no signature of a citizen, so the host must not want one for the test user."""
    stack, hosts = trial
    hosts.answers["a%2Fb"] = in_json({}, 401)
    plain = await create(stack, a_configuration(), MANAGE_KEY)
    signed = await create(stack, a_configuration(is_lollipop_enabled=True), MANAGE_KEY)

    hinted = []
    for id_ in (plain, signed):
        body = (await tried(stack, id_)).body
        (fault,) = body["calls"][1]["faults"]
        hinted.append("disable_lollipop_for" in fault["detail"])

    assert hinted == [False, True]
