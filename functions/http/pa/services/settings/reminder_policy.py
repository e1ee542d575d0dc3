"""Read and set the reminder policy of a service with a manage key."""

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa import reminders
from functions.http.pa.reminders import expected_tag, policy_answer
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.reminders.errors import PolicyChangedError
from lib.domain.reminders.policy import ReminderPolicy

PATH = f"{ONE}/reminder-policy"


async def _read(call: Call[Manager, None, None]) -> Answer:
    return policy_answer(await call.app.services.reminder_policy.read(call.caller, named(call)))


async def _change(call: Call[Manager, ReminderPolicy, None]) -> Answer:
    policy = await call.app.services.reminder_policy.change(
        call.caller, named(call), call.body, expected_tag(call.headers)
    )
    return policy_answer(policy)


read_managed_reminder_policy = Endpoint(
    name="read_managed_reminder_policy",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read the reminder policy of a service that you manage",
    description=reminders.READ,
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read,
    answers={200: ReminderPolicy},
    refusals=NOT_FOUND,
)

change_managed_reminder_policy = Endpoint(
    name="change_managed_reminder_policy",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set the reminder policy of a service that you manage",
    description=reminders.CHANGED,
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    headers=reminders.change_reminder_policy.headers,
    body=reminders.change_reminder_policy.body,
    handler=_change,
    answers={200: ReminderPolicy},
    refusals=(*NOT_FOUND, PolicyChangedError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_managed_reminder_policy,
    change_managed_reminder_policy,
)
