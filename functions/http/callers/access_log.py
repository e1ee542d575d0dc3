"""The declaration of what the access log of a citizen gets of a call, and its entry.

Calls of delegates need no declaration of their own. The admission of the endpoint says what a
delegate needs and sees, and so decides about the entry.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from lib.composition.app import App
from lib.domain.access_log.access_entry import (
    OWNER,
    AccessEntry,
    Action,
    Actor,
    ActorKind,
)
from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId, Right
from lib.domain.parties.admission import Admission, View
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.domain.shared.values import timestamp

_OF_DELEGATES: Final[Mapping[tuple[View, Right], Action]] = {
    (View.MESSAGE, Right.READ): Action.MESSAGE_OPENED,
    (View.MESSAGE, Right.ACT): Action.MESSAGE_CHANGED,
    (View.FILTERED, Right.READ): Action.INBOX_READ,
    (View.FILTERED, Right.ACT): Action.INBOX_CHANGED,
}


class Found(NamedTuple):
    """The citizen of a call that names none: the handler found who it is.

    `delegation_id`: by which the caller acts. `about`: what tells such calls of a day apart.
    """

    fiscal_code: FiscalCode
    delegation_id: DelegationId | None = None
    about: str = ""


def in_path(call: Any) -> str:
    """Return the fiscal code in the path."""
    return str(call.path["fiscal_code"])


def in_body(call: Any) -> str | None:
    """Return the fiscal code in the body; None where a body needs none."""
    return getattr(call.body, "fiscal_code", None)


@dataclass(frozen=True, slots=True)
class Logs:
    """The accepted calls are in the access log.

    `subject`: a function that returns the fiscal code of the citizen; None for the citizen who
    calls, or whom the handler finds. `names_message`: the path names a message by `id`.
    `counts`: a function that tells by the body of the answer whether it tells of a citizen.
    `many`: a function that returns the fiscal codes of all citizens of whom an answer tells, by its
    body; the entries are queued.
    """

    action: Action
    subject: Callable[[Any], str | None] | None = None
    names_message: bool = False
    counts: Callable[[Any], bool] | None = None
    many: Callable[[Any], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class LogsNothing:
    """The calls are not in the access log; `why` says it in words."""

    why: str


async def note(
    logs: Logs | LogsNothing | None, admission: Admission | None, call: Any, body: Any
) -> None:
    """Note an accepted call. `admission`: that of an endpoint of citizens. `body`: the answer's."""
    caller = call.caller
    if isinstance(caller, Access) and caller.bounds is not None:
        await _note_delegate(caller, caller.bounds.delegation_id, logs, admission, call)
        return
    if not isinstance(logs, Logs) or (logs.counts is not None and not logs.counts(body)):
        return
    if isinstance(caller, Access):
        await _add(call, caller.subject, OWNER, logs.action)
    found: Found | None = call.found
    if found is not None:
        actor = OWNER if found.delegation_id is None else _delegate(found.delegation_id)
        await _add(call, found.fiscal_code, actor, logs.action, about=found.about)
    if isinstance(caller, Sender) and logs.many is not None and (codes := logs.many(body)):
        app: App = call.app
        await app.access_log.note_many(codes, _sender(caller), timestamp(app.ports.clock.now()))
    if isinstance(caller, Sender) and logs.subject is not None:
        fiscal_code = logs.subject(call)
        if fiscal_code is not None:
            message_id = MessageId(call.path["id"]) if logs.names_message else None
            await _add(call, fiscal_code, _sender(caller), logs.action, message_id)


async def _note_delegate(
    caller: Access,
    delegation_id: DelegationId,
    logs: Logs | LogsNothing | None,
    admission: Admission | None,
    call: Any,
) -> None:
    if admission is None or admission.right is None:
        return
    if admission.right is Right.MANAGE:
        await _note_manager(caller, delegation_id, logs, call)
        return
    if admission.view is View.NOTHING:
        return
    message_id = MessageId(call.path["id"]) if admission.view is View.MESSAGE else None
    action = _OF_DELEGATES[admission.view, admission.right]
    await _add(call, caller.subject, _delegate(delegation_id), action, message_id)


async def _note_manager(
    caller: Access, delegation_id: DelegationId, logs: Logs | LogsNothing | None, call: Any
) -> None:
    """Note a call about settings or data, by what it does for an owner, or as a reading."""
    if not isinstance(logs, LogsNothing):
        action = Action.ACCOUNT_READ if logs is None else logs.action
        await _add(call, caller.subject, _delegate(delegation_id), action)


async def _add(
    call: Any,
    fiscal_code: str,
    actor: Actor,
    action: Action,
    message_id: MessageId | None = None,
    about: str = "",
) -> None:
    app: App = call.app
    entry = AccessEntry(timestamp(app.ports.clock.now()), actor, action, message_id, about)
    await app.access_log.note(FiscalCode(fiscal_code), entry)


def _delegate(delegation_id: DelegationId) -> Actor:
    return Actor(ActorKind.DELEGATE, delegation_id)


def _sender(sender: Sender) -> Actor:
    service = sender.service
    return Actor(
        ActorKind.SENDER,
        service_id=service.id,
        service_name=service.name,
        organization_fiscal_code=service.organization_fiscal_code,
        organization_name=service.organization_name,
    )
