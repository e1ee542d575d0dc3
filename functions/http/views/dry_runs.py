"""Predictions about messages and notices that were not sent."""

from typing import Annotated, Any, Literal

from pydantic import Field

from functions.http.views.request_warnings import RequestWarning
from lib.domain.shared.described import DAYS_BEFORE, says
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.use_cases.messages.checks.dry_run_message import DryRun, Reached
from lib.use_cases.payment_notices.dry_run_notice import NoticeDryRun


class ExpectedReminder(Model):
    """A reminder that the citizen would get."""

    at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says(
            "Date and time in UTC. The minute differs from message to message, and the citizen's "
            "quiet hours and choices may move the reminder or leave it out."
        ),
    ]
    days_before: Annotated[int | None, DAYS_BEFORE] = None


class Prediction(Model):
    """The prediction about a message that was not sent."""

    recipient: Annotated[
        Reached | None,
        says(
            "What `/api/v1/profiles` tells of the citizen. NOT_ALLOWED: the citizen does not take "
            "messages of your service. NOT_FOUND: the citizen has no profile, or has the inbox "
            "switched off. Absent: the key lacks the group ApiLimitedProfileRead."
        ),
    ] = None
    channels: Annotated[
        list[Literal["INBOX", "PUSH", "EMAIL"]],
        says(
            "The channels that the message may use. Whether it uses PUSH and EMAIL depends on the "
            "citizen's choices, which no sender learns."
        ),
    ]
    reminders: Annotated[
        list[ExpectedReminder], says("The reminders of the plan, in the order of their times.")
    ]
    cost_microcents: Annotated[
        int,
        says(
            "The estimated cost of the message in Azure, in millionths of a euro cent, for the "
            "organisation that runs Recapito. Nobody is billed by it."
        ),
    ]
    trial_messages_left: Annotated[
        int | None,
        says(
            "How many messages your organisation may send today, this one included, while it is on "
            "trial. Absent: it is not on trial, or nothing would be sent."
        ),
    ] = None
    warnings: Annotated[
        list[RequestWarning], says("The warnings that the submission would answer.")
    ]


class MessageDryRun(Prediction):
    """The result of a submission that was not made."""


class PaymentNoticeDryRun(Prediction):
    """The result of a submission of a payment notice that was not made."""

    rpt_id: Annotated[RptId, says("The payment: its payee and its notice number, in one.")]
    outcome: Annotated[
        Literal["NEW", "AMENDED", "SAME"],
        says(
            "NEW: the notice would be accepted, and its message sent. AMENDED: a notice that you "
            "sent would change. SAME: it would stay as it is, and nothing would be sent."
        ),
    ]


def dry_run_view(run: DryRun, warnings: list[RequestWarning]) -> MessageDryRun:
    """Return the answer about a message."""
    return MessageDryRun(**_prediction(run, warnings))


def notice_dry_run_view(run: NoticeDryRun, warnings: list[RequestWarning]) -> PaymentNoticeDryRun:
    """Return the answer about a payment notice."""
    preview = run.preview
    return PaymentNoticeDryRun(
        rpt_id=preview.notice.rpt_id,
        outcome=preview.outcome,
        **_prediction(run.message, warnings),
    )


def _prediction(run: DryRun, warnings: list[RequestWarning]) -> dict[str, Any]:
    return Prediction(
        recipient=run.reached,
        channels=["INBOX", *run.channels],
        reminders=[
            ExpectedReminder(at=timestamp(step.at), days_before=step.days) for step in run.reminders
        ],
        cost_microcents=run.cost_microcents,
        trial_messages_left=run.trial_left,
        warnings=warnings,
    ).model_dump()
