"""The endpoint that lists the accesses to a citizen's data."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.parameters.values import DIGITS
from lib.domain.access_log.access_entry import AccessEntry, Action, ActorKind
from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.parties.admission import MANAGES
from lib.domain.shared.described import CURSOR, says
from lib.domain.shared.identifiers import MessageIdField, OrganizationFiscalCode, ServiceId
from lib.domain.shared.model import Model
from lib.domain.shared.values import Masked

_PAGE: Final = 100


class AccessesQuery(Model):
    """The page that is asked for."""

    page_size: Annotated[
        int, DIGITS, Field(ge=1, le=_PAGE), says("How many entries a page has at most.")
    ] = _PAGE
    cursor: Annotated[
        str | None,
        StringConstraints(max_length=500),
        says("The `cursor` of the page before. Absent: the first page."),
    ] = None


class AccessView(Model):
    """An access to your data."""

    at: Annotated[
        str,
        says(
            "The time, in UTC. Equal accesses of a day have one entry, with the time of the first."
        ),
    ]
    action: Annotated[
        Action,
        says(
            "The action. PROFILE_READ: a sender asked whether it can reach you, and in which "
            "languages. REACHABILITY_CHECKED: a sender checked a message before sending it. "
            "MESSAGE_STATUS_READ: a sender read the status of its message. INBOX_READ and "
            "INBOX_CHANGED: a delegate saw or changed several messages. MESSAGE_OPENED and "
            "MESSAGE_CHANGED: a delegate opened or changed one message. ACCOUNT_READ: a legal "
            "representative read settings, delegations or logs. DATA_*: the copy or the deletion "
            "of all your data. More codes may come."
        ),
    ]
    actor: Annotated[ActorKind, says("Who acted. CITIZEN: you.")]
    name: Annotated[
        str | None,
        says(
            "The name of the service, or of the delegate. Absent: you acted yourself, or the "
            "delegation ended long ago and is deleted."
        ),
    ] = None
    service_id: Annotated[ServiceId | None, says("The service of a sender.")] = None
    organization_name: Annotated[str | None, says("The public administration of a sender.")] = None
    organization_fiscal_code: Annotated[
        OrganizationFiscalCode | None, says("The fiscal code of the public administration.")
    ] = None
    delegation_id: Annotated[
        DelegationId | None,
        says("The delegation by which a delegate acted, or that a register gave or ended."),
    ] = None
    message_id: Annotated[
        MessageIdField | None,
        says("The id of the message. Absent: the action is not about one message."),
    ] = None


class AccessesAnswer(Model):
    """A page of the access log, the newest entries first."""

    items: Annotated[list[AccessView], says("The entries, the newest first.")]
    cursor: Annotated[str | None, CURSOR] = None


def _shown(entry: AccessEntry, names: dict[DelegationId, Masked]) -> AccessView:
    actor = entry.actor
    delegate = None if actor.delegation_id is None else names.get(actor.delegation_id)
    return AccessView(
        at=entry.at,
        action=entry.action,
        actor=actor.kind,
        name=actor.service_name if delegate is None else str(delegate),
        service_id=actor.service_id,
        organization_name=actor.organization_name,
        organization_fiscal_code=actor.organization_fiscal_code,
        delegation_id=actor.delegation_id,
        message_id=entry.message_id,
    )


async def _list(call: Call[Access, None, AccessesQuery]) -> Answer:
    query = call.query
    page = await call.app.access_log.list(call.caller, size=query.page_size, cursor=query.cursor)
    items = [_shown(entry, page.names) for entry in page.entries]
    return Answer(200, AccessesAnswer(items=items, cursor=page.cursor))


list_accesses = Endpoint(
    name="list_accesses",
    is_ours=True,
    method="GET",
    path="/api/identity/v1/access-log",
    summary="List who read or changed your data",
    description=(
        "Your logins and changes, what delegates did in your inbox, and senders who asked about "
        "you. Equal accesses of a day are one entry, with the time of the first. Messages that "
        "were sent to you are in the inbox, and not in this log."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    query=AccessesQuery,
    handler=_list,
    answers={200: AccessesAnswer},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_accesses,)
