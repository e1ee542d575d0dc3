"""An entry of the operators' log: the change that an operator asked for, and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Self

from lib.domain.operations.redaction import without_person
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId

SEPARATOR: Final = ", "
"""Between the items of a value that is a list."""


class ActionOutcome(StrEnum):
    """The outcome of an action. The codes are stored and shown: none of them changes its meaning.

    STARTED: the action runs, or its process died before the outcome was stored; then the action
    may be done. DONE: the action was done. REFUSED: a rule refused the action, and nothing was
    changed. FAILED: an outage or a fault stopped the action, and a part of it may be done.
    """

    STARTED = "STARTED"
    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of an action: a queue with or without a dead letter, a service, or a body."""

    queue: str | None = None
    dead_letter_id: str | None = None
    service_id: ServiceId | None = None
    organization_fiscal_code: OrganizationFiscalCode | None = None


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """A writing call of an operator; `at` as `values.timestamp` writes it.

    `operation`: the name of the endpoint. `operator`: the id of the operator's subscription.
    `values`: what the operator set, by name; a list as its items with `SEPARATOR`. `count`: how
    many things were changed, where one call changes several.
    """

    id: str
    at: str
    operation: str
    operator: str
    target: Target = field(default_factory=Target)
    reason: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    outcome: ActionOutcome = ActionOutcome.STARTED
    count: int | None = None

    def without_persons(self) -> Self:
        """Return the action; texts that an operator wrote are hidden where they may name a citizen.

        Operators write reasons, names of queues and ids of services that may not exist.
        """
        target = self.target
        return replace(
            self,
            target=replace(
                target,
                queue=target.queue and without_person(target.queue),
                service_id=target.service_id and ServiceId(without_person(target.service_id)),
            ),
            reason=self.reason and without_person(self.reason),
            values={name: _each_without_person(one) for name, one in self.values.items()},
        )


def _each_without_person(text: str) -> str:
    return SEPARATOR.join(map(without_person, text.split(SEPARATOR)))
