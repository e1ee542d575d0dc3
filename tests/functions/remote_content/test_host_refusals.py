"""What the app learns where the sender's host refuses, fails or does not answer."""

import pytest

from infra.local.sandbox.seed import MANAGE_KEY
from lib.ports.senders.hosts import CallFault, RemoteAnswer
from lib.use_cases.shared.breaker import FAILURES
from tests.builders.remote_content import PROD_KEY, TEST_KEY, TEST_USER, a_configuration, create
from tests.doubles.remote_hosts import MESSAGE, SECRET_TEXT, KeptHosts, in_json
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Stack

LAST = {"precondition": "precondition", "message": "a%2Fb", "attachment": "1.pdf"}
"""The ends of the addresses, by the part of the message."""


TOLD = [
    (400, 400, "Bad request"),
    (401, 500, "Internal server error"),
    (403, 403, "You are not allowed here"),
    (404, 404, "Not found"),
    (429, 429, "Too many requests"),
    (500, 500, "Internal server error"),
    (302, 500, "Internal server error"),
    (304, 500, "Internal server error"),
    (418, 500, "Internal server error"),
    (503, 503, "Service temporarily unavailable"),
]
"""The host's status, and the status and title for the app."""


@pytest.mark.parametrize("part", LAST)
async def test_a_refusal_is_told_as_in_io(trial: tuple[Stack, KeptHosts], part: str) -> None:
    """The body of the host's answer is not repeated."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for status, expected, title in TOLD:
        hosts.answers[LAST[part]] = RemoteAnswer(status, "text/plain", SECRET_TEXT.encode())

        reply = await read(stack, part, id_)

        assert (reply.status, reply.body["title"]) == (expected, title)
        assert SECRET_TEXT not in str(reply.body)
        assert reply.headers.get("Retry-After") == ("10" if status == 503 else None)
        if status == 404:
            named = "Attachment" if part == "attachment" else "Message"
            assert reply.body["detail"] == f"{named} from Third Party service not found"


TIMES = [
    ("7", "7"),
    ("120", "120"),
    ("999999", "86400"),
    ("Wed, 21 Oct 2026 07:28:00 GMT", "10"),
    ("-1", "10"),
    ("0", "10"),
    ("", "10"),
    ("²", "10"),
]


async def test_the_time_to_wait_is_passed_on(trial: tuple[Stack, KeptHosts]) -> None:
    """In seconds; the app waits so long and asks again."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for given, passed in TIMES:
        hosts.answers["1.pdf"] = RemoteAnswer(503, "", b"", retry_after=given)

        assert (await read(stack, "attachment", id_)).headers["Retry-After"] == passed


@pytest.mark.parametrize(
    ("part", "fault"),
    [("precondition", "HOST_NOT_PUBLIC"), ("message", "UNREACHABLE"), ("attachment", "TIMEOUT")],
)
async def test_a_host_without_an_answer_is_504(
    trial: tuple[Stack, KeptHosts], part: str, fault: CallFault
) -> None:
    """IO's contract has this status for all three."""
    stack, hosts = trial
    hosts.answers[LAST[part]] = fault
    id_ = await deliver(stack)

    reply = await read(stack, part, id_)

    assert (reply.status, reply.body["title"]) == (504, "Gateway Timeout")


async def test_an_answer_that_is_too_long_is_the_host_s_fault(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """It does not count as silence: the host is asked again at once."""
    stack, hosts = trial
    hosts.answers["1.pdf"] = "TOO_LONG"
    id_ = await deliver(stack)

    for _ in range(FAILURES + 1):
        assert (await read(stack, "attachment", id_)).status == 500
    assert len(hosts.calls) == FAILURES + 1


async def test_a_host_that_is_silent_is_not_asked_for_a_while(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """The app learns when to ask again; other configurations and environments are not concerned."""
    stack, hosts = trial
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    silent = await deliver(stack, configuration_id=id_)
    of_prod = await deliver(stack, configuration_id=id_, citizen="AAAAAA00A00A000A")
    of_another = await deliver(stack)
    hosts.answers["a%2Fb"] = "TIMEOUT"
    for _ in range(FAILURES):
        assert (await read(stack, "message", silent)).status == 504

    stopped = await read(stack, "precondition", silent)

    assert (stopped.status, stopped.headers["Retry-After"]) == (503, "20")
    assert len(hosts.calls) == FAILURES
    hosts.answers["a%2Fb"] = in_json(MESSAGE)
    assert (await read(stack, "message", of_prod, citizen="AAAAAA00A00A000A")).status == 200
    assert (await read(stack, "message", of_another)).status == 200


async def test_no_answer_has_a_secret(trial: tuple[Stack, KeptHosts]) -> None:
    """Neither a key nor the address of the host."""
    stack, hosts = trial
    id_ = await deliver(stack)
    answers: list[RemoteAnswer | CallFault] = ["UNREACHABLE", in_json({}, 401), in_json({}, 500)]
    for answer in answers:
        hosts.answers["a%2Fb"] = answer
        text = str(await read(stack, "message", id_))
        assert not any(one in text for one in (TEST_KEY, PROD_KEY, "comune.example", TEST_USER))


async def test_the_app_waits_while_the_process_has_no_room(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Large attachments at a time would take the memory of the instance."""
    stack, hosts = trial
    hosts.has_room = False
    id_ = await deliver(stack)

    for _ in range(FAILURES + 1):
        reply = await read(stack, "attachment", id_)
        assert (reply.status, reply.headers["Retry-After"]) == (503, "2")

    hosts.has_room = True
    assert (await read(stack, "attachment", id_)).status == 200
