"""Refusals of the gateway and of every endpoint: section 1.1."""

import json
from typing import Final

from functions.http.contract.problems import Problem
from functions.http.problems import answer_to
from infra.local.sandbox.seed import (
    CITIZEN,
    LIMITED_KEY,
    MANAGE_KEY,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.domain.services.errors import ProductionForbiddenError
from lib.ports.errors import UnavailableError
from tests.builders.managed_services import a_service
from tests.builders.messages import a_message
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.contract.refusals.causes import (
    FORBIDDEN,
    INVALID_KEY,
    LATER,
    MISSING_KEY,
    broken,
    elsewhere,
    manager_elsewhere,
    no_groups,
    one_call,
    other_group,
    other_network,
)
from tests.functions.contract.refusals.rows import (
    NO_PERMISSION,
    NOT_ALLOWED,
    Ours,
    Refusal,
    asking,
    through_gateway,
)
from tests.stack import Reply, Stack

_USER: Final = f"user-of-{SENDER_KEY}"
_LIMITS: Final = "CIDRs are part of the subscription here, not a document of their own."


async def _never(_: Stack) -> Reply:
    """Return the answer to an error that no request can raise."""
    problem = answer_to(ProductionForbiddenError())
    assert isinstance(problem, Problem)
    return Reply(problem.status, json.loads(problem.body()), {"content-type": problem.media_type})


_SUBMIT: Final = asking("submit_message", a_message())
_READ: Final = asking(
    "read_sent_message", path={"fiscal_code": CITIZEN, "id": "01J0000000000000000000000A"}
)
ROWS: Final = (
    Refusal("1.1", "no key", 401, None, MISSING_KEY, asking("submit_message", {}, key=None)),
    Refusal("1.1", "an unknown key", 401, None, INVALID_KEY, asking("submit_message", key="x")),
    Refusal(
        "1.1",
        "an unknown key in the query",
        401,
        None,
        INVALID_KEY,
        asking("submit_message", key=None, query={"subscription-key": "x"}),
    ),
    Refusal(
        "1.1",
        "an unknown path",
        404,
        None,
        "Resource not found",
        elsewhere("GET", "/api/v1/nowhere"),
    ),
    Refusal(
        "1.1",
        "a group for client certificates",
        403,
        "Invalid client certificate",
        impossible="Keys with client certificates, and their group, do not exist here.",
    ),
    Refusal("1.1", "more calls than the limit", 429, "Too many requests", None, one_call),
    Refusal(
        "1.1",
        "no x-user-id",
        403,
        "Anonymous user",
        "The request could not be associated to a user, missing userId or subscriptionId.",
        through_gateway("submit_message", a_message(), subscription_id=SERVICE_ID),
    ),
    Refusal(
        "1.1",
        "no x-subscription-id",
        403,
        "Anonymous user",
        "The request could not be associated to a user, missing userId or subscriptionId.",
        through_gateway("submit_message", a_message(), user_id=_USER),
    ),
    Refusal(
        "1.1",
        "no group",
        403,
        "User has no valid scopes",
        "You are not part of any valid scope, you should ask the administrator to give you the "
        "required permissions.",
        asking("submit_message", a_message(), key=no_groups),
    ),
    Refusal(
        "1.1",
        "groups of a gateway with spaces",
        403,
        "User has no valid scopes",
        None,
        through_gateway(
            "submit_message",
            a_message(),
            subscription_id=SERVICE_ID,
            user_id=_USER,
            user_groups=" ApiMessageWrite",
        ),
    ),
    Refusal(
        "1.1",
        "no allowed group",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("submit_message", a_message(), key=other_group),
    ),
    Refusal(
        "1.1",
        "no x-user-email",
        500,
        "Internal server error",
        "Missing, empty or invalid x-user-email header",
        through_gateway("submit_message", a_message(), subscription_id=SERVICE_ID, user_id=_USER),
        Ours(201, None, "No e-mail goes to the account of a key, so none is needed."),
    ),
    Refusal(
        "1.1",
        "no service of the subscription",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        through_gateway("submit_message", a_message(), subscription_id="unknown", user_id=_USER),
    ),
    Refusal(
        "1.1",
        "the store fails at the service",
        500,
        "Query error (COSMOS_ERROR_RESPONSE)",
        None,
        broken(_READ, UnavailableError("away"), "read"),
        Ours(429, "Too many requests", LATER),
    ),
    Refusal(
        "1.1",
        "no address of the caller",
        500,
        "IP address cannot be extracted from the request",
        None,
        asking(
            "submit_message", a_message(), key=other_network, headers={"x-forwarded-for": "rubbish"}
        ),
        Ours(403, NOT_ALLOWED, "An unknown address is outside the service's networks."),
    ),
    Refusal(
        "1.1",
        "an address outside the networks",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("submit_message", a_message(), key=other_network),
    ),
    Refusal(
        "1.1",
        "a network that is no IPv4 CIDR",
        400,
        "Invalid ServicePayload",
        None,
        asking("create_service", a_service(authorized_cidrs=["10.0.0.0/33"]), key=MANAGE_KEY),
    ),
    Refusal(
        "1.1",
        "a manage operation with a service's key",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("list_services"),
    ),
    Refusal(
        "1.1",
        "a manage key outside its networks",
        403,
        NOT_ALLOWED,
        NO_PERMISSION,
        asking("list_services", key=manager_elsewhere),
    ),
    Refusal("1.1", "a manage key without a document of CIDRs", 500, impossible=_LIMITS),
    Refusal(
        "1.1",
        "an invalid body",
        400,
        "Invalid FiscalCodePayload",
        None,
        asking("find_recipient", {}),
    ),
    Refusal(
        "1.1",
        "a key that may write to nobody",
        403,
        "Production call forbidden",
        "You are not allowed to issue production calls at this time.",
        _never,
    ),
    Refusal(
        "1.1",
        "a recipient outside the trial",
        403,
        "Recipient forbidden",
        FORBIDDEN,
        asking("submit_message", a_message(fiscal_code=OTHER_CITIZEN), key=LIMITED_KEY),
    ),
    Refusal(
        "1.1",
        "a crash",
        500,
        "Internal server error",
        None,
        broken(_SUBMIT, ValueError("a fault"), "create"),
    ),
    Refusal(
        "1.1",
        "malformed JSON",
        500,
        "Internal server error",
        None,
        asking("submit_message", b"{"),
        Ours(400, "Malformed JSON", "The fault is the caller's, and a repetition cannot help."),
    ),
    Refusal("1.1", "an empty body", 400, None, None, asking("submit_message", b"")),
    Refusal(
        "1.1",
        "the health behind /api/info fails",
        500,
        impossible="There is no /api/info; GET /status answers 503 with a problem.",
    ),
)
