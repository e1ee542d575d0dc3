"""Refusals of the subscriptions feed and of activations: sections 1.5 and 1.6."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, SPECIAL_KEY
from lib.domain.services.service import Group
from tests.builders.services import with_groups
from tests.doubles.clock import START
from tests.functions.contract.refusals.causes import other_group, other_network
from tests.functions.contract.refusals.rows import (
    NO_PERMISSION,
    NOT_ALLOWED,
    Ask,
    Ours,
    Refusal,
    asking,
)
from tests.stack import Stack

_ASKED: Final = {"fiscal_code": CITIZEN}
_WANTED: Final = {**_ASKED, "status": "ACTIVE"}
_TODAY: Final = START.date()
_COMPLETE: Final = (
    "IO refuses services without networks, a description, a privacy notice or a contact. Here an "
    "operator gives the right to the feed to single services, and the review checks what they say."
)


def _feed(day: str, **call: Any) -> Ask:
    return asking("read_subscriptions_feed", path={"date": day}, **call)


async def _reader(stack: Stack) -> str:
    """Return a key that may read messages and profiles, and not the feed."""
    return await with_groups(stack, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ)


def _both(
    condition: str, status: int, title: str, detail: str | None, *, key: Any
) -> tuple[Refusal, ...]:
    """Return the rows of both operations on activations."""
    return (
        Refusal(
            "1.6 POST",
            condition,
            status,
            title,
            detail,
            asking("find_activation", _ASKED, key=key),
        ),
        Refusal(
            "1.6 PUT",
            condition,
            status,
            title,
            detail,
            asking("change_activation", _WANTED, key=key),
        ),
    )


async def _standard(stack: Stack) -> str:
    return await with_groups(stack, Group.MESSAGE_WRITE)


ROWS: Final = (
    Refusal(
        "1.5", "no allowed group", 403, NOT_ALLOWED, NO_PERMISSION, _feed("2026-11-01", key=_reader)
    ),
    Refusal(
        "1.5",
        "an address outside the networks",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        _feed("2026-11-01", key=other_network),
    ),
    Refusal("1.5", "a wrong date", 400, "Invalid ShortDateString", None, _feed("2026-02-30")),
    Refusal(
        "1.5",
        "a day that is not over",
        404,
        "Data not available yet",
        f"Subscription data for {_TODAY} will be available from Tue, 24 Nov 2026 00:00:00 GMT",
        _feed(_TODAY.isoformat()),
    ),
    Refusal(
        "1.5",
        "a service whose description is incomplete",
        403,
        NOT_ALLOWED,
        None,
        _feed("2026-11-01"),
        Ours(200, None, _COMPLETE),
    ),
    *_both("no allowed group", 403, NOT_ALLOWED, NO_PERMISSION, key=other_group),
    *_both("an address outside the networks", 403, NOT_ALLOWED, NO_PERMISSION, key=other_network),
    *_both("a service that is not SPECIAL", 403, NOT_ALLOWED, NO_PERMISSION, key=_standard),
    Refusal(
        "1.6 POST",
        "a wrong body",
        400,
        "Invalid FiscalCodePayload",
        None,
        asking("find_activation", {}, key=SPECIAL_KEY),
    ),
    Refusal(
        "1.6 PUT",
        "a wrong body",
        400,
        "Invalid ActivationPayload",
        None,
        asking("change_activation", _ASKED, key=SPECIAL_KEY),
    ),
    Refusal(
        "1.6 POST",
        "no activation",
        404,
        "Not Found",
        "Activation not found for the user",
        asking("find_activation", _ASKED, key=SPECIAL_KEY),
    ),
)
