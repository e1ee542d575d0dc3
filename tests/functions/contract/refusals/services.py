"""Refusals of services: section 1.7."""

from dataclasses import replace
from typing import Any, Final

from infra.local.sandbox.seed import MANAGE_KEY, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.managed_services import PNG, Manager, a_service
from tests.builders.services import with_manage_key
from tests.functions.contract.refusals.causes import (
    INVALID_KEY,
    MISSING_KEY,
    broken,
)
from tests.functions.contract.refusals.rows import (
    NO_PERMISSION,
    NOT_ALLOWED,
    Ask,
    Ours,
    Refusal,
    asking,
)
from tests.stack import Reply, Stack

UNKNOWN: Final = "01HQRZ6T6G2P1NB3QF0J9S2K4V"
OPERATIONS: Final[dict[str, Any]] = {
    "create_service": a_service(),
    "list_services": None,
    "list_service_topics": None,
    "read_service": None,
    "change_service": a_service(),
    "patch_service": {"metadata": {"group_id": "g"}},
    "delete_service": None,
    "set_service_logo": {"logo": PNG},
    "read_service_history": None,
    "show_service_keys": None,
    "replace_service_key": None,
    "submit_service": {"auto_publish": True},
    "comment_review": {"comment": "c"},
    "publish_service": None,
    "read_published_service": None,
    "unpublish_service": None,
}
"""The operations of section 1.7, each with a body that it accepts."""
WRONG: Final[dict[str, tuple[Any, str]]] = {
    "create_service": (a_service(name=""), "Invalid ServicePayload"),
    "change_service": (a_service(name=""), "Invalid ServicePayload"),
    "patch_service": ({"metadata": {"group_id": 7}}, "Invalid PatchServicePayload"),
    "set_service_logo": ({}, "Invalid Logo"),
    "comment_review": ({"comment": 7}, "Invalid Comment"),
}
"""A wrong body of each operation that declares 400, and the title."""
OF_A_SERVICE: Final = tuple(
    name
    for name in OPERATIONS
    if name not in {"create_service", "list_services", "list_service_topics"}
)
_KEY_TYPE: Final = {"key_type": "primary"}


def manage(name: str, body: Any = None, id_: str = SERVICE_ID, key: Any = MANAGE_KEY) -> Ask:
    """Return a call of an operation."""
    sent = b"" if body is None else body
    return asking(name, sent, path={"service_id": id_, **_KEY_TYPE}, key=key)


async def stranger(stack: Stack) -> str:
    """Return the manage key of another organisation."""
    return await with_manage_key(stack, organization="99999999990")


async def no_right(stack: Stack) -> str:
    """Return a manage key without the right to services and configurations."""
    return await with_manage_key(stack, groups=frozenset({Group.MESSAGE_READ}))


def twice(name: str) -> Ask:
    """Return a call more than the limit of the manage key."""

    async def ask(stack: Stack) -> Reply:
        key = await with_manage_key(stack)
        await stack.app.repositories.subscriptions.change(
            f"MANAGE-of-{key}", lambda one: replace(one, call_limit=1)
        )
        await manage(name, OPERATIONS[name], key=key)(stack)
        return await manage(name, OPERATIONS[name], key=key)(stack)

    return ask


def of_draft(name: str, *, submitted: bool = False) -> Ask:
    """Return a call about a service that was never approved."""

    async def ask(stack: Stack) -> Reply:
        manager = Manager(stack)
        id_ = await manager.create()
        if submitted:
            await manager.submit(id_)
        return await manager.call(name, id_, OPERATIONS[name], path=_KEY_TYPE)

    return ask


def _common(name: str) -> tuple[Refusal, ...]:
    """Return the refusals that each operation declares."""
    section, body = f"1.7 {name}", OPERATIONS[name]
    return (
        Refusal(section, "no key", 401, None, MISSING_KEY, manage(name, body, key=None)),
        Refusal(section, "an unknown key", 401, None, INVALID_KEY, manage(name, body, key="x")),
        Refusal(
            section,
            "no allowed group",
            403,
            NOT_ALLOWED,
            NO_PERMISSION,
            manage(name, body, key=no_right),
        )
        if name != "list_service_topics"
        else Refusal(
            section,
            "no allowed group",
            403,
            NOT_ALLOWED,
            None,
            manage(name, body, key=no_right),
            Ours(200, None, "The topics are the same for everybody; any key reads them."),
        ),
        Refusal(section, "more calls than the limit", 429, "Too many requests", None, twice(name)),
        Refusal(
            section,
            "a crash",
            500,
            "Internal server error",
            None,
            broken(manage(name, body), ValueError("a fault"), "read"),
        ),
    )


def _of_a_service(name: str) -> tuple[Refusal, ...]:
    section, body = f"1.7 {name}", OPERATIONS[name]
    return (
        Refusal(
            section,
            "another organisation's service",
            403,
            NOT_ALLOWED,
            None,
            manage(name, body, key=stranger),
        ),
        Refusal(section, "no such service", 404, None, None, manage(name, body, UNKNOWN)),
    )


_NOT_SENT: Final = "IO's client cannot decode 409 there"
ROWS: Final = (
    Refusal("1.1", "a conflict", 409, "Conflict", None, of_draft("publish_service")),
    *(row for name in OPERATIONS for row in _common(name)),
    *(row for name in OF_A_SERVICE for row in _of_a_service(name)),
    *(
        Refusal(f"1.7 {name}", "a wrong body", 400, title, None, manage(name, body))
        for name, (body, title) in WRONG.items()
    ),
    Refusal(
        "1.7 replace_service_key",
        "a wrong kind of key",
        400,
        "Invalid SubscriptionKeyType",
        None,
        asking(
            "replace_service_key", path={"service_id": SERVICE_ID, "key_type": "x"}, key=MANAGE_KEY
        ),
    ),
    Refusal(
        "1.7 create_service",
        "a topic that does not exist",
        400,
        "Bad Request",
        "Provided topic_id does not exists",
        manage("create_service", a_service(metadata={"topic_id": 0})),
    ),
    Refusal(
        "1.7 set_service_logo",
        "an image that is no PNG",
        400,
        "Image not valid",
        None,
        manage("set_service_logo", {"logo": "AAAA"}),
    ),
    Refusal(
        "1.7 submit_service",
        "a service that waits already",
        409,
        "Conflict",
        None,
        of_draft("submit_service", submitted=True),
    ),
    Refusal(
        "1.7 comment_review",
        "a service that does not wait",
        409,
        "Conflict",
        None,
        of_draft("comment_review"),
    ),
    Refusal(
        "1.7 publish_service",
        "a service that was never approved",
        409,
        "Conflict",
        None,
        of_draft("publish_service"),
    ),
    Refusal(
        "1.7 read_published_service",
        "a service that was never approved",
        404,
        None,
        None,
        of_draft("read_published_service"),
    ),
    Refusal(
        "1.7 unpublish_service",
        "a service that was never approved",
        404,
        None,
        None,
        of_draft("unpublish_service"),
    ),
    Refusal(
        "1.7 delete_service",
        "a service that waits for its review",
        409,
        "Conflict",
        None,
        of_draft("delete_service", submitted=True),
        Ours(204, None, f"{_NOT_SENT} (decision 0041)."),
    ),
    Refusal(
        "1.7",
        "a service outside the groups of x-user-groups-selc",
        403,
        NOT_ALLOWED,
        impossible="A gateway adds the header for subscriptions MANAGE-GROUP-… alone, which "
        "IO's portal makes for groups of persons. There are no such subscriptions here, and a "
        "gateway that names one is answered 403.",
    ),
)
