"""Each endpoint that reads or changes a citizen's data says what the access log gets of it."""

from typing import Final

import pytest
from pydantic import TypeAdapter

from functions.declared import ENDPOINTS
from functions.http.callers.access_log import Logs, LogsNothing
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.policies import Citizens, Operators, Senders
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.acting import Right
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN

NAMED: Final = {"fiscal_code", "fiscal_codes"}


def _names_a_citizen(endpoint: AnyEndpoint) -> bool:
    if FISCAL_CODE_PATTERN in str(endpoint.parameters.get("fiscal_code", "")):
        return True
    schema = TypeAdapter(endpoint.body.type).json_schema() if endpoint.body is not None else {}
    models = (schema, *schema.get("$defs", {}).values())
    named = (one.get("properties", {}).get(name, "") for one in models for name in NAMED)
    return any(FISCAL_CODE_PATTERN in str(one) for one in named)


def _must_say(endpoint: AnyEndpoint) -> bool:
    policy = endpoint.policy
    if isinstance(policy, Citizens):
        # the admission decides about the other calls of delegates
        of_owners = policy.delegates.right in {None, Right.MANAGE}
        return of_owners and endpoint.method != "GET"
    return isinstance(policy, Senders | Operators) and _names_a_citizen(endpoint)


SAYING: Final = {one.name: one for one in ENDPOINTS if _must_say(one)}


@pytest.mark.parametrize("name", SAYING)
def test_an_endpoint_says_what_is_logged_or_why_not(name: str) -> None:
    """Changes by the owner, and calls of senders and operators that name a citizen."""
    logs = SAYING[name].logs

    assert logs is not None, "set `logs`, see functions/http/callers/access_log.py"
    if isinstance(logs, LogsNothing):
        assert logs.why
    elif not isinstance(SAYING[name].policy, Citizens):
        assert logs.subject is not None or logs.many is not None


def test_the_rule_finds_the_calls_of_senders() -> None:
    """Those that name a citizen in the path, in the body, and in a list of the body."""
    assert {"read_recipient", "dry_run_message", "find_recipients", "end_delegation"} <= {*SAYING}


def test_each_code_is_written_by_an_endpoint() -> None:
    """A code that nothing writes would promise what the log does not have."""
    written = {one.logs.action for one in ENDPOINTS if isinstance(one.logs, Logs)}
    of_delegates = {
        Action.INBOX_READ,
        Action.INBOX_CHANGED,
        Action.MESSAGE_OPENED,
        Action.MESSAGE_CHANGED,
        Action.ACCOUNT_READ,
    }
    of_registers = {Action.DELEGATION_REGISTERED}

    assert written | of_delegates | of_registers == set(Action)
