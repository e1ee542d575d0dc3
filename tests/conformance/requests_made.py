"""Makes requests that a document allows, with values that exist at the host."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy, just
from schemathesis import Case
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response

from infra.local.sandbox.seed import CITIZEN, ORGANIZATION
from tests.conformance.callers import Caller, normalized
from tests.conformance.document import Operation

_PARAMETER: Final = re.compile(r"{([^}]+)}")
# the formats of IO's documents
schemathesis.openapi.format("FiscalCode", just(CITIZEN))
schemathesis.openapi.format("OrganizationFiscalCode", just(str(ORGANIZATION)))


class Requests:
    """The requests of operations. `number`: of the made-up ones, beside a document's examples.

    Ids come from the values that are given, else from earlier answers of the collection (what was
    listed or created last), else from the sandbox. Versions of a change are those last read.
    """

    def __init__(self, caller: Caller, number: int) -> None:
        self._caller, self._number = caller, number
        self._answers: dict[str, Any] = {}

    def of(self, operation: Operation) -> list[Case[Any]]:
        """Return the requests of an operation; the first has no optional query parameter."""
        examples = operation.get_strategies_from_examples()
        made = [case for one in examples for case in _made_up(one, 1)]
        made += _made_up(operation.as_strategy(), self._number)
        if operation.body:
            # documents seldom say that a body is required
            made = [one for one in made if one.body is not NOT_SET] or made
        first = made[0]
        required = {one.name for one in operation.query if one.is_required}
        first.query = {name: one for name, one in first.query.items() if name in required}
        id_ = str(operation.definition.raw.get("operationId", ""))
        for case in made:
            self._fill_path(case, id_)
            self._fill(case.query, case.formatted_path, id_)
            if isinstance(case.body, dict):
                for name in _members(operation) - case.body.keys() - case.path_parameters.keys():
                    case.body[name] = self._caller.known(name, id_)
                    if case.body[name] is None:
                        del case.body[name]
                self._fill(case.body, case.formatted_path, id_)
        return made

    def note(self, case: Case[Any], answer: Response) -> None:
        """Remember a successful answer for later requests."""
        if answer.status_code < 300 and answer.content.startswith((b"{", b"[")):
            self._answers[case.formatted_path] = json.loads(answer.content)

    def _fill_path(self, case: Case[Any], id_: str) -> None:
        path = case.path
        for found in _PARAMETER.finditer(path):
            name = found[1]
            before = _PARAMETER.sub(
                lambda one: str(case.path_parameters.get(one[1])), path[: found.start()]
            ).rstrip("/")
            place = before.rpartition("/")[2]
            known = self._caller.given(name, id_, place)
            known = known or _id_in(self._answers.get(before), name)
            known = known or self._caller.known(name, id_, place)
            if known is not None:
                case.path_parameters[name] = known

    def _fill(self, values: dict[str, Any], path: str, *places: str) -> None:
        """Give the members of a query or a body the values that are known."""
        read = self._answers.get(path)
        for name, made in values.items():
            if isinstance(made, dict):
                self._fill(made, "", name, *places)
                continue
            known = self._caller.known(name, *places)
            if isinstance(read, dict) and name.endswith("version"):
                known = read.get(name, known)
            if known is not None and not isinstance(made, list):
                values[name] = known


def _members(operation: Operation) -> set[str]:
    """Return the names that the bodies of an operation may have."""
    schemas = (one.resolved_schema for one in operation.body)
    return {name for one in schemas if isinstance(one, dict) for name in one.get("properties", {})}


def _made_up(strategy: SearchStrategy[Case[Any]], number: int) -> list[Case[Any]]:
    """Return the same requests in each run."""
    found: list[Case[Any]] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def keep(case: Case[Any]) -> None:
        found.append(case)

    keep()
    return found


def _id_in(answer: Any, name: str) -> Any:
    """Return the id that an answer of a collection has for a parameter: its own or the first's."""
    for one in _candidates(answer):
        wanted = normalized(name)
        for member, value in one.items():
            if normalized(member) == wanted and isinstance(value, (str, int)):
                return value
        if name.lower().endswith("id") and isinstance(one.get("id"), (str, int)):
            return one["id"]
    return None


def _candidates(answer: Any) -> Iterator[dict[str, Any]]:
    lists = [answer]
    if isinstance(answer, dict):
        yield answer
        lists = list(answer.values())
    for one in lists:
        if isinstance(one, list) and one and isinstance(one[0], dict):
            yield one[0]
