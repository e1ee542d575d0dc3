"""Endpoints of checks before sending: a dry run, and the brake for duplicate payments."""

from dataclasses import replace
from typing import Annotated

from functions.http.callers.access_log import Logs, in_body
from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.messages import CHECKS, SUBMISSION, WRITERS
from functions.http.pa.payment_notices import notice_warnings, submit_payment_notice
from functions.http.views.dry_runs import (
    MessageDryRun,
    PaymentNoticeDryRun,
    dry_run_view,
    notice_dry_run_view,
)
from functions.http.views.request_warnings import held_warning, warnings_view
from lib.domain.access_log.access_entry import Action
from lib.domain.messages.checks.submission_warnings import languages_warnings, warnings_of
from lib.domain.messages.new_message import NewMessage
from lib.domain.organizations.errors import TrialCapError
from lib.domain.payment_notices.notice_request import NewPaymentNotice
from lib.domain.payments.brake import DuplicatePolicy
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

MANAGERS = Senders(frozenset((Group.SERVICE_WRITE,)))
PATH = "/api/v1/duplicate-policy"
CHECKED = Logs(
    Action.REACHABILITY_CHECKED,
    in_body,
    # nothing is told of a citizen without an inbox, nor to a key without the right
    counts=lambda run: run.recipient in {"REACHABLE", "NOT_ALLOWED"},
)
READ = "A service that has set none has ACCEPT."
CHANGED = (
    "The policy holds for messages that are accepted from then on, on every instance after a "
    "minute at most. With REFUSE, a submission is answered 409 and names the message "
    "that came before. Of messages that are submitted at the same time, one is sent, and the "
    "others become REJECTED with the reason ALREADY_SENT. With HOLD, such "
    "messages are accepted, with a warning, and held. Messages that were rejected do not "
    "count. Payment notices are always refused where another message asks for the payment."
)
"""The description for senders and for managers."""
_WHO = (
    "The key needs the right ApiServiceWrite. With a manage key, use "
    "`/api/v1/manage/services/{service_id}/duplicate-policy`."
)


class DuplicatePolicyView(Model):
    """The treatment of messages that ask for a payment once more."""

    policy: Annotated[
        DuplicatePolicy,
        says(
            "ACCEPT: they are sent, as in IO. REFUSE: a message is refused if its payment is made "
            "already, or if another message of your service asks for it. HOLD: such a message "
            "waits below `/api/v1/held-messages` for up to 30 days until you release or drop it."
        ),
    ]


async def _dry_run(call: Call[Sender, NewMessage, None]) -> Answer:
    now, second = call.app.ports.clock.now(), call.caller.service.second_language
    call.warn(warnings_of(call.body, call.sent, None, now, second))
    run = await call.app.messages.dry_run(call.caller, call.body)
    if run.brake is not None:
        call.warnings.append(held_warning(run.brake))
    call.warnings += languages_warnings(call.body.content, run.languages)
    return Answer(200, dry_run_view(run, warnings_view(call.warnings)))


async def _dry_run_notice(call: Call[Sender, NewPaymentNotice, None]) -> Answer:
    call.warn(notice_warnings(call.body))
    run = await call.app.payment_notices.dry_run(call.caller, call.body)
    return Answer(200, notice_dry_run_view(run, warnings_view(call.warnings)))


async def _read(call: Call[Sender, None, None]) -> Answer:
    policy = await call.app.messages.duplicate_policy.read(call.caller.service.id)
    return Answer(200, DuplicatePolicyView(policy=policy))


async def _change(call: Call[Sender, DuplicatePolicyView, None]) -> Answer:
    policy = await call.app.messages.duplicate_policy(call.caller.service.id, call.body.policy)
    return Answer(200, DuplicatePolicyView(policy=policy))


dry_run_message = Endpoint(
    name="dry_run_message",
    has_strict_mode=True,
    method="POST",
    path="/api/v1/dry-runs/messages",
    summary="Check a message without sending it",
    description=(
        "The body is that of `POST /api/v1/messages`, and is refused as there. Nothing is stored "
        "or sent. The answer predicts the rest by the rules of this moment. The call counts for "
        "the limit of your calls as a submission does."
    ),
    tag="sender",
    policy=WRITERS,
    body=SUBMISSION,
    handler=_dry_run,
    logs=CHECKED,
    answers={200: MessageDryRun},
    outage=problems.try_again,
    refusals=(*CHECKS, TrialCapError),
)

dry_run_payment_notice = replace(
    submit_payment_notice,
    name="dry_run_payment_notice",
    path="/api/v1/dry-runs/payment-notices",
    summary="Check a payment notice without sending it",
    description=(
        "The body is that of `POST /api/v1/payment-notices`, and is refused as there. Nothing is "
        "stored or sent. The answer is about the first message of the notice. The call counts for "
        "the limit of your calls as a submission does."
    ),
    handler=_dry_run_notice,
    logs=CHECKED,
    answers={200: PaymentNoticeDryRun},
)

read_duplicate_policy = Endpoint(
    name="read_duplicate_policy",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read how your service treats a second message for a payment",
    description=f"{READ} {_WHO}",
    tag="sender",
    policy=MANAGERS,
    handler=_read,
    answers={200: DuplicatePolicyView},
)

change_duplicate_policy = Endpoint(
    name="change_duplicate_policy",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set how your service treats a second message for a payment",
    description=f"{CHANGED} {_WHO}",
    tag="sender",
    policy=MANAGERS,
    body=Body(DuplicatePolicyView, name="DuplicatePolicy", example={"policy": "REFUSE"}),
    handler=_change,
    answers={200: DuplicatePolicyView},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    dry_run_message,
    dry_run_payment_notice,
    read_duplicate_policy,
    change_duplicate_policy,
)
