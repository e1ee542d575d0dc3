"""Endpoints of the citizen's inbox, for the mobile app."""

from typing import Annotated, Any

from functions.http.citizen.inbox.changes import (
    MessageStatusChange,
    StatusAttributes,
    attributes_of,
    flags_of,
)
from functions.http.citizen.inbox.queries import ListQuery
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.parameters.languages import ACCEPT_LANGUAGE, accepted_languages, tag_of
from functions.http.parameters.values import QueryFlag
from functions.http.views.inbox.items import InboxPageAnswer
from functions.http.views.inbox.members import page_answer
from functions.http.views.inbox.opened import MessageAnswer, opened
from lib.domain.identity.access import Access
from lib.domain.inbox.errors import ImpossibleFilterError
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.parties.admission import ACTS_ON_MESSAGE, READS_FILTERED, READS_MESSAGE
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import AnyMessageIdField, MessageId
from lib.domain.shared.model import Model

BASE = "/api/communication/v1/messages"


class ReadQuery(Model):
    """`public_message` adds what the list shows of the message; `language` chooses its words."""

    public_message: Annotated[
        QueryFlag,
        says("Whether the answer has, besides the content, what the list shows of the message."),
    ] = False
    language: Annotated[
        Language | None,
        says(
            "The language to read the message in. Absent, or where the sender wrote none in it: "
            "the first of the citizen's own languages that there is, then of `Accept-Language`, "
            "then Italian."
        ),
    ] = None


async def _list(call: Call[Access, None, ListQuery]) -> Answer:
    query = call.query
    page = await call.app.inbox.list(
        call.caller,
        query.search,
        size=query.page_size,
        maximum_id=query.maximum_id,
        minimum_id=query.minimum_id,
    )
    accepted = accepted_languages(call.headers)
    return Answer(200, page_answer(page, enrich=query.enrich_result_data, accepted=accepted))


async def _read(call: Call[Access, None, ReadQuery]) -> Answer:
    message = await call.app.messages.open(call.caller, MessageId(call.path["id"]))
    asked, language = call.query.language, message.read_language(accepted_languages(call.headers))
    if asked is not None and (asked in message.read_languages or asked == DEFAULT_LANGUAGE):
        language = asked
    answer = opened(message, language, public=call.query.public_message)
    headers = {} if answer.language is None else {"Content-Language": tag_of(answer.language)}
    return Answer(200, answer, headers)


async def _change(call: Call[Access, Any, None]) -> Answer:
    message = await call.app.inbox.change_status(
        call.caller, MessageId(call.path["id"]), flags_of(call.body)
    )
    return Answer(200, attributes_of(message, call.body))


list_inbox = Endpoint(
    name="list_inbox",
    method="GET",
    path=BASE,
    summary="List the inbox, newest first",
    description=(
        "`next` is present only if older messages follow: ask for them with maximum_id=next. "
        "`prev` is the id of the newest message: ask with minimum_id=prev for newer messages, "
        "until a page is empty; each page is the one next to that bound. Ids have the order in "
        "which messages were accepted, so a message that was delivered late is listed below newer "
        "messages. With several filters a page may be short, even empty, and more may follow: "
        "where `next` is present, or `prev` in a page of newer messages, ask on."
    ),
    tag="citizen",
    policy=Citizens(READS_FILTERED),
    query=ListQuery,
    headers=ACCEPT_LANGUAGE,
    handler=_list,
    answers={200: InboxPageAnswer},
    refusals=(ImpossibleFilterError,),
)

read_message = Endpoint(
    name="read_message",
    method="GET",
    path=f"{BASE}/{{id}}",
    summary="Read a message",
    description=(
        "The answer has the whole content, in one language, which `Content-Language` names. The "
        "message stays unread until the app marks it as read."
    ),
    tag="citizen",
    policy=Citizens(READS_MESSAGE),
    parameters={"id": AnyMessageIdField},
    query=ReadQuery,
    headers=ACCEPT_LANGUAGE,
    handler=_read,
    answers={200: MessageAnswer},
    refusals=(MessageNotFoundError,),
)

change_message_status = Endpoint(
    name="change_message_status",
    method="PUT",
    path=f"{BASE}/{{id}}/status",
    summary="Mark a message as read or with a star, archive it, delete it, or move it back",
    description=(
        "The body has one change, of the flag `is_read` or `is_archived` or of both; or of a flag "
        "that IO does not have, `is_starred` or `is_binned`. A deleted message is in the bin until "
        "`binned_until`, and in no other list; until then it can be brought back to where it was. "
        "No notification tells of it meanwhile. A repeated change is accepted."
    ),
    tag="citizen",
    policy=Citizens(ACTS_ON_MESSAGE),
    parameters={"id": AnyMessageIdField},
    body=Body[Any](
        MessageStatusChange,
        name="MessageStatusChange",
        example={"change_type": "reading", "is_read": True},
    ),
    handler=_change,
    answers={200: StatusAttributes},
    refusals=(MessageNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_inbox, read_message, change_message_status)
