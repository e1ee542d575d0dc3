"""Calls the operations of a document, and keeps what became of each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import requests
from hypothesis.errors import HypothesisException
from schemathesis import Case
from schemathesis.core.transport import Response
from schemathesis.errors import SchemathesisError

from tests.conformance.callers import Caller, Headers
from tests.conformance.document import Document, Operation, Scheme
from tests.conformance.judgement import differences, refusal, sent
from tests.conformance.requests_made import Requests

_CALL_SECONDS: Final = 30
_REFUSED: Final = frozenset({401, 403})
_ABSENT: Final = frozenset({404, 405})


@dataclass
class Trial:
    """The outcome of an operation.

    `differences`: each with the first request that had it. `refusals`: the first by status.
    `fault`: what kept the operation from being called.
    """

    label: str
    statuses: Counter[int] = field(default_factory=Counter)
    differences: dict[str, str] = field(default_factory=dict)
    refusals: dict[int, str] = field(default_factory=dict)
    fault: str = ""

    @property
    def has_success(self) -> bool:
        """Whether an answer was no refusal."""
        return any(status < 400 for status in self.statuses)


class Trials:
    """Tries the operations of a document at a base address."""

    def __init__(self, base: str, document: Document, caller: Caller, number: int) -> None:
        self._base, self._document, self._caller = base, document, caller
        self._requests = Requests(caller, number)
        self._session = requests.Session()
        self._session.trust_env = False

    def run(self) -> Iterator[Trial]:
        """Try each operation: first what reads, at the end what deletes."""
        operations = sorted(self._document.operations(), key=_order)
        yield from map(self._tried, operations)
        for error in self._document.errors:
            yield Trial(error, fault="the document cannot be read there")

    def _tried(self, operation: Operation) -> Trial:
        trial = Trial(operation.label)
        try:
            first, *others = self._requests.of(operation)
            headers = self._judged_first(trial, first, self._document.schemes(operation))
            for case in others:
                self._judge(trial, case, self._answer(case, headers))
        except (SchemathesisError, HypothesisException, requests.RequestException) as error:
            trial.fault = f"{type(error).__name__}: {error}".splitlines()[0]
        if trial.statuses and trial.statuses.keys() <= _ABSENT:
            trial.differences.clear()
            trial.fault = "the path is not served, or no value of its parameters exists"
        elif trial.statuses and trial.statuses.keys() <= _REFUSED:
            trial.differences.clear()
            trial.fault = "each credential is refused"
        return trial

    def _judged_first(self, trial: Trial, case: Case[Any], own: Mapping[str, Scheme]) -> Headers:
        """Send the first request with each credential until one is let in; return that one.

        A document may forget to name the credential of an operation: then all others are tried.
        The refusal of the first is judged where none is let in.
        """
        credentials = self._caller.credentials(own)
        if not own:
            credentials += self._caller.credentials(self._document.all_schemes)
        answers = []
        for headers in credentials:
            answers.append(self._answer(case, headers))
            if answers[-1].status_code not in _REFUSED:
                self._judge(trial, case, answers[-1])
                return headers
        self._judge(trial, case, answers[0])
        return credentials[0]

    def _answer(self, case: Case[Any], headers: Headers) -> Response:
        sent = dict(headers)
        return case.call(self._base, self._session, headers=sent, timeout=_CALL_SECONDS)

    def _judge(self, trial: Trial, case: Case[Any], answer: Response) -> None:
        trial.statuses[answer.status_code] += 1
        for text in differences(case, answer):
            trial.differences.setdefault(text, sent(answer))
        if answer.status_code >= 400:
            trial.refusals.setdefault(answer.status_code, refusal(answer))
        self._requests.note(case, answer)


def _order(operation: Operation) -> tuple[bool, int, bool]:
    depth = operation.path.count("/")
    deletes = operation.method == "delete"
    # a part is deleted before the whole
    return deletes, -depth if deletes else depth, operation.method != "get"
