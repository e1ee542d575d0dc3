"""Refusals of reading messages and asking for citizens: sections 1.3 and 1.4."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.ports.schema.citizens import PROFILES
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import with_groups
from tests.functions.contract.refusals.causes import (
    FORBIDDEN,
    other_group,
    other_network,
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

_PATTERN: Final = f'string that matches the pattern "{FISCAL_CODE_PATTERN}"'
_BAD_CODE: Final = f'value ["x"] at [root] is not a valid [{_PATTERN}]'
_MESSAGE: Final = {"fiscal_code": CITIZEN, "id": "01J0000000000000000000000A"}
_NO_PROFILE: Final = "The profile you requested was not found in the system."


async def reader(stack: Stack) -> str:
    """Return a key of another service, which may read."""
    return await with_groups(stack, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ)


def _of(name: str, **call: Any) -> Ask:
    """Return a call about a message that the sandbox's service has sent."""

    async def ask(stack: Stack) -> Reply:
        id_ = await stack.deliver(feature_level_type="ADVANCED")
        if call.pop("without_profile", False):
            await stack.store.delete(PROFILES, CITIZEN, PROFILE_ID)
        path = {"fiscal_code": CITIZEN, "id": id_}
        key = {"key": await call["key"](stack)} if "key" in call else {}
        return await stack.call(name, path=path, **key)

    return ask


_READING: Final = (
    Refusal(
        "1.3",
        "a wrong fiscal code",
        400,
        f"Invalid {_PATTERN}",
        _BAD_CODE,
        asking("read_sent_message", path={**_MESSAGE, "fiscal_code": "x"}),
    ),
    Refusal(
        "1.3",
        "no allowed group",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("read_sent_message", path=_MESSAGE, key=other_group),
    ),
    Refusal(
        "1.3",
        "an address outside the networks",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("read_sent_message", path=_MESSAGE, key=other_network),
    ),
    Refusal(
        "1.3",
        "no such message",
        404,
        "Message not found",
        "The message that you requested was not found in the system.",
        asking("read_sent_message", path=_MESSAGE),
    ),
    Refusal(
        "1.3",
        "another service's message",
        403,
        NOT_ALLOWED,
        "You are not allowed to read this message, you can only read messages that you have sent",
        _of("read_sent_message", key=reader),
    ),
    Refusal(
        "1.3",
        "no profile for the read status",
        500,
        None,
        None,
        _of("read_sent_message", without_profile=True),
        Ours(200, None, "read_status is UNAVAILABLE: the message itself is known."),
    ),
    Refusal(
        "1.3",
        "pagoPA fails for the payment status",
        500,
        impossible="The status is what pagoPA's side reported; the call asks nobody.",
    ),
)
_PROFILES: Final = (
    Refusal(
        "1.4",
        "a wrong body",
        400,
        "Invalid FiscalCodePayload",
        f'value ["x"] at [root.fiscal_code] is not a valid [{_PATTERN}]',
        asking("find_recipient", {"fiscal_code": "x"}),
    ),
    Refusal(
        "1.4",
        "a wrong fiscal code in the path",
        400,
        f"Invalid {_PATTERN}",
        _BAD_CODE,
        asking("read_recipient", path={"fiscal_code": "x"}),
    ),
    Refusal(
        "1.4",
        "no allowed group",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("find_recipient", {"fiscal_code": CITIZEN}, key=other_group),
    ),
    Refusal(
        "1.4",
        "a key that may not write",
        403,
        "Recipient forbidden",
        FORBIDDEN,
        asking("find_recipient", {"fiscal_code": CITIZEN}, key=reader),
    ),
    Refusal(
        "1.4",
        "a recipient outside the trial",
        403,
        "Recipient forbidden",
        FORBIDDEN,
        asking("read_recipient", path={"fiscal_code": OTHER_CITIZEN}, key=LIMITED_KEY),
    ),
    Refusal(
        "1.4",
        "a service whose description is incomplete",
        403,
        NOT_ALLOWED,
        impossible="A switch of IO's. Here an operator approves a service before it may write "
        "to everybody.",
    ),
    Refusal(
        "1.4",
        "no profile",
        404,
        "Profile not found",
        _NO_PROFILE,
        asking("find_recipient", {"fiscal_code": "NOPROF00A00A000A"}),
    ),
    Refusal(
        "1.4",
        "the inbox is off",
        404,
        "Profile not found",
        _NO_PROFILE,
        asking("read_recipient", path={"fiscal_code": "INBOFF00A00A000A"}),
    ),
)
ROWS: Final = (*_READING, *_PROFILES)
