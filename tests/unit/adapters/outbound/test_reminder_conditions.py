"""The question to a sender whether a reminder is sent, and the sender's answer."""

from collections.abc import Callable
from typing import Any

import pytest

from lib.adapters.outbound.guarded_http import MAX_BYTES, GuardedHTTP
from lib.adapters.outbound.reminder_conditions import HTTPReminderConditions
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import UnavailableError
from lib.ports.senders.reminder_conditions import DueReminder
from tests.doubles.tls import HOST, Upstream
from tests.unit.adapters.outbound.support import saying, url_of

REMINDER = DueReminder(MessageId("01KB0000000000000000000000"), "3")


SIGNED = "/check?case=a%2Fb%7E~&sig=%2b=="


async def test_the_url_goes_out_as_it_was_given(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """Host and TLS have the host's name; headers have the question, without the citizen."""
    conditions = HTTPReminderConditions(guard())

    assert await conditions.allows(url_of(upstream, SIGNED), REMINDER) is True

    (request,) = upstream.asked
    assert (request.method, request.raw_path) == ("GET", SIGNED)
    assert dict(request.headers) == {
        "Host": f"{HOST}:{upstream.port}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Recapito",
        "Recapito-Message-Id": REMINDER.message_id,
        "Recapito-Reminder-Step": "3",
    }


async def test_an_answer_of_no_stops_the_reminder(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """With `send: false` the reminder is not sent."""
    upstream.answer = saying({"send": False, "because": "withdrawn"})

    assert await HTTPReminderConditions(guard()).allows(url_of(upstream), REMINDER) is False


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {}),
        (200, {"send": "false"}),
        (200, {"send": 0}),
        (200, {"send": None}),
        (200, [False]),
        (200, b""),
        (200, b"<html>"),
        (200, b'{"send": true}' + b" " * MAX_BYTES),
        (200, b"[" * 10_000),
        (201, {"send": False}),
        (204, b""),
        (404, {"send": False}),
        (500, {"send": False}),
        (503, b""),
    ],
)
async def test_any_other_answer_is_an_outage(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], status: int, body: Any
) -> None:
    """Any other answer is an outage: neither yes nor no."""
    upstream.answer = saying(body, status)

    with pytest.raises(UnavailableError):
        await HTTPReminderConditions(guard()).allows(url_of(upstream), REMINDER)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], status: int
) -> None:
    """No redirect is followed, not even to the same host."""
    upstream.answer = saying({"send": True}, status, {"Location": "/elsewhere"})

    with pytest.raises(UnavailableError, match=str(status)):
        await HTTPReminderConditions(guard()).allows(url_of(upstream), REMINDER)

    assert len(upstream.asked) == 1
