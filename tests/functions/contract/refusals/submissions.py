"""Refusals of submissions: section 1.2, whose table has a number for each row."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.ports.errors import UnavailableError
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import CONFIGURATION_ID, with_configuration, with_groups
from tests.functions.contract.refusals.causes import (
    FORBIDDEN,
    LATER,
    broken,
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
_NO_CONTENT: Final = (
    "value undefined at root.content is not a valid [Exact<MessageContentBase>]\n"
    "value undefined at root.content is not a valid [Exact<MessageContent2>]"
)


async def plain_writer(stack: Stack) -> str:
    """Return a key that may write, and nothing else."""
    return await with_groups(stack, Group.MESSAGE_WRITE)


def _content(**content: Any) -> Ask:
    """Return a submission with this content, by a key that may write and nothing else."""
    return asking("submit_message", a_message(content=content), key=plain_writer)


def _remote(owner: str | None, **third_party: Any) -> Ask:
    """Return a submission with remote content, whose configuration is the owner's."""

    async def ask(stack: Stack) -> Reply:
        if owner is not None:
            await with_configuration(stack, *([owner] if owner else []))
        named = {"id": "1", "configuration_id": CONFIGURATION_ID, **third_party}
        data = {name: value for name, value in named.items() if value is not None}
        return await stack.call("submit_message", a_message(content={"third_party_data": data}))

    return ask


def _with_body(row: int, condition: str, body: Any, detail: str | None) -> Refusal:
    title = "Invalid message structure"
    return Refusal(f"1.2 row {row}", condition, 400, title, detail, asking("submit_message", body))


def _forbidden(row: int, condition: str, what: str, ask: Ask) -> Refusal:
    detail = f"You do not have enough permissions to send {what}"
    return Refusal(f"1.2 row {row}", condition, 403, NOT_ALLOWED, detail, ask)


def _lost(row: int, condition: str, title: str, detail: str | None, ask: Ask) -> Refusal:
    """Return a refusal by a fault of IO's, which is an outage here."""
    ours = Ours(429, "Too many requests", LATER)
    return Refusal(f"1.2 row {row}", condition, 500, title, detail, ask, ours)


_ELSEWHERE: Final = asking("submit_message", a_message(), key=other_network)
_REQUIRED: Final = "The fiscalcode parameter must be specified in the path or in the payload"
ROWS: Final = (
    _with_body(1, "no content", {}, _NO_CONTENT),
    _with_body(
        1,
        "a short subject",
        a_message(content={"subject": "aaaaaaaaa"}),
        'value "aaaaaaaaa" at root.content.subject is not a valid '
        "[string of length >= 10 and < 121]",
    ),
    Refusal(
        "1.2 row 2",
        "a wrong fiscal code in the path",
        400,
        f"Invalid {_PATTERN}",
        _BAD_CODE,
        asking("submit_message_to", a_message(fiscal_code=None), path={"fiscal_code": "x"}),
    ),
    _forbidden(
        3,
        "eu_covid_cert without its group",
        "an EUCovidCert message",
        _content(eu_covid_cert={"auth_code": ""}),
    ),
    _forbidden(
        4,
        "a payee without its group",
        "a payment message with payee",
        _content(payment_data=a_payment(payee={"fiscal_code": "01234567890"})),
    ),
    _forbidden(
        5,
        "ADVANCED without its group",
        "a Premium message",
        asking("submit_message", a_message(feature_level_type="ADVANCED"), key=plain_writer),
    ),
    _forbidden(
        6, "remote content", "a third party message", _content(third_party_data={"id": "1"})
    ),
    Refusal("1.2 row 7", "another network", 403, NOT_ALLOWED, NO_PERMISSION, _ELSEWHERE),
    Refusal(
        "1.2 row 8",
        "a recipient in path and body",
        400,
        "Bad parameters",
        f"{_REQUIRED} but not in both",
        asking("submit_message_to", a_message(), path={"fiscal_code": CITIZEN}),
    ),
    Refusal(
        "1.2 row 8",
        "no recipient",
        400,
        "Bad parameters",
        _REQUIRED,
        asking("submit_message", a_message(fiscal_code=None)),
    ),
    Refusal(
        "1.2 row 9",
        "remote content without a configuration",
        403,
        "No configuration id for remote content",
        "You did not send any configuration id for your remote content in third_party_data",
        _remote(None, configuration_id=None),
    ),
    Refusal(
        "1.2 row 10",
        "a configuration id that is no ULID",
        400,
        None,
        None,
        _remote(None, configuration_id="x"),
    ),
    Refusal(
        "1.2 row 10",
        "a configuration that does not exist",
        404,
        "Remote Content Configuration NOT FOUND",
        None,
        _remote(None),
    ),
    _lost(
        10,
        "the configurations cannot be read",
        "Internal server error",
        "Cannot retrieve the remote content configuration. Service unreachable.",
        broken(_remote(None), UnavailableError("away"), "read"),
    ),
    Refusal(
        "1.2 row 10",
        "the configuration service refuses",
        403,
        NOT_ALLOWED,
        impossible="There is no second service: the app reads the configuration itself.",
    ),
    Refusal(
        "1.2 row 11",
        "another owner's configuration",
        403,
        "Not your configuration",
        "You're not the owner of the configuration related to the given configuration_id",
        _remote("somebody"),
    ),
    Refusal(
        "1.2 row 12",
        "attachments of a STANDARD message",
        403,
        "Attachments call forbidden",
        "You are not allowed to send messages with attachmens with STANDARD messages, please "
        "use ADVANCED",
        _remote("", has_attachments=True),
    ),
    Refusal(
        "1.2 row 13",
        "a recipient outside the trial",
        403,
        "Recipient forbidden",
        FORBIDDEN,
        asking("submit_message", a_message(fiscal_code=OTHER_CITIZEN), key=LIMITED_KEY),
    ),
    Refusal(
        "1.2 row 14",
        "neither limited nor a writer",
        403,
        "Production call forbidden",
        impossible="The groups of the endpoint are these two, in IO too; see the row of 1.1.",
    ),
    Refusal(
        "1.2 row 15",
        "an amount above the maximum",
        400,
        "Error while sending payment metadata",
        "The requested amount (1000001 cents) exceeds the maximum allowed for this service "
        "(1000000 cents)",
        asking("submit_message", a_message(content={"payment_data": a_payment(amount=1_000_001)})),
    ),
    _lost(
        16,
        "the store fails",
        "Internal server error",
        None,
        broken(asking("submit_message", a_message()), UnavailableError("away"), "create"),
    ),
    Refusal(
        "1.2 row 16",
        "an id that exists",
        500,
        "Query error (COSMOS_CONFLICT_RESPONSE)$",
        impossible="A new ULID conflicts with none; a repetition by its key is no conflict.",
    ),
    _lost(
        17,
        "the message cannot be queued",
        "Unable to store processing message",
        None,
        broken(
            asking("submit_message", a_message()), UnavailableError("away"), "put", port="queue"
        ),
    ),
    Refusal(
        "1.2",
        "eu_covid_cert in the form with the path",
        403,
        None,
        "Unauthorized, please use submitMessageforUserWithFiscalCodeInBody Api",
        asking(
            "submit_message_to",
            a_message(fiscal_code=None, content={"eu_covid_cert": {"auth_code": "a"}}),
            path={"fiscal_code": CITIZEN},
        ),
        Ours(201, None, "One app takes both forms, so nothing has to be sent elsewhere."),
    ),
)
