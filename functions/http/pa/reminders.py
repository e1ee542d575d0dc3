"""Endpoints of reminders for senders: the reminders of a message, and a service's policy."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import StringConstraints

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.messages import read_sent_message
from functions.http.views.reminders import RemindersAnswer, seen_by_sender
from lib.domain.reminders.errors import PolicyChangedError
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import IOType

MANAGERS = Senders(frozenset((Group.SERVICE_WRITE,)))
PATH = "/api/v1/reminder-policy"
READ = "Unset fields have their defaults. Send the ETag as If-Match of a change."
CHANGED = (
    "The body replaces the whole policy: a field that is left out gets its default. The policy "
    "holds for messages that are accepted from then on, on every instance after a minute at "
    "most; a message's own `reminders` override it. Days and hours are Italy's. Before it "
    "sends a reminder of the due date, Recapito calls `condition_url` with GET; the headers "
    "`Recapito-Message-Id` and `Recapito-Reminder-Step` name the message and the reminder. The "
    'URL answers 200 and `{"send": true}` or false within 5 seconds. Without such an answer '
    "the reminder waits for half an hour at most; then it is sent."
)
"""The description for senders and for managers."""
_WHO = (
    "The key needs the right ApiServiceWrite. With a manage key, use "
    "`/api/v1/manage/services/{service_id}/reminder-policy`."
)
IF_MATCH = "if-match"
ANY = "*"

EntityTag = Annotated[
    str,
    says(
        "The ETag of the policy that you read last: if the policy has changed since, the answer is "
        "412. Absent or `*`: the policy is changed in any case."
    ),
    StringConstraints(pattern=r'^(\*|"[!#-~]{1,64}")$'),
    IOType(("entity tag in quotes, or *",), "must be the ETag as it was read, in quotes, or *"),
]


async def _read_reminders(call: Call[Sender, None, None]) -> Answer:
    reminders = await call.app.reminders.read.for_sender(
        call.caller, call.path["fiscal_code"], MessageId(call.path["id"])
    )
    return Answer(200, seen_by_sender(reminders))


def policy_answer(policy: ReminderPolicy) -> Answer:
    """Return the answer that shows a policy, with its ETag."""
    return Answer(200, policy, {"ETag": f'"{policy.tag}"'})


def expected_tag(headers: Mapping[str, str]) -> str | None:
    """Return the tag of the policy that a change is to replace, None for any."""
    tag = headers.get(IF_MATCH, ANY)
    return None if tag == ANY else tag.strip('"')


async def _read(call: Call[Sender, None, None]) -> Answer:
    return policy_answer(await call.app.reminders.read_policy(call.caller.service.id))


async def _change(call: Call[Sender, ReminderPolicy, None]) -> Answer:
    expected = expected_tag(call.headers)
    return policy_answer(
        await call.app.reminders.change_policy(call.caller.service.id, call.body, expected)
    )


read_sent_reminders = replace(
    read_sent_message,
    name="read_sent_reminders",
    is_ours=True,
    path=f"{read_sent_message.path}/reminders",
    summary="Read the planned and past reminders of a message that you sent",
    description=(
        "The plan follows the policy of the message; choices of the citizen may move or leave out "
        "reminders. The sender reads NOT_SENT for a reminder that was left out because of a choice "
        "or an action of the citizen, and because of a payment unless the sender may read "
        "`payment_status` in the message."
    ),
    includes=(),
    outage=problems.unavailable,
    handler=_read_reminders,
    answers={200: RemindersAnswer},
)

read_reminder_policy = Endpoint(
    name="read_reminder_policy",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read the reminder policy of your service",
    description=f"{READ} {_WHO}",
    tag="sender",
    policy=MANAGERS,
    handler=_read,
    answers={200: ReminderPolicy},
)

change_reminder_policy = Endpoint(
    name="change_reminder_policy",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set the reminder policy of your service",
    description=f"{CHANGED} {_WHO}",
    tag="sender",
    policy=MANAGERS,
    headers={IF_MATCH: EntityTag},
    body=Body(
        ReminderPolicy,
        name="ReminderPolicy",
        example={"days": [10, 2], "hour": 10, "holidays_of": "RM"},
    ),
    handler=_change,
    answers={200: ReminderPolicy},
    refusals=(PolicyChangedError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_sent_reminders,
    read_reminder_policy,
    change_reminder_policy,
)
