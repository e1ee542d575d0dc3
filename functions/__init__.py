"""Triggers: parse, call a use case, answer. BLUEPRINTS is the one list of what is deployed."""

from dataclasses import replace
from typing import Any

from functions.http.citizen import documents as papers
from functions.http.citizen import email_validation, installations, preferences, profile, reminders
from functions.http.citizen import messages as inbox
from functions.http.citizen import payments as payment_info
from functions.http.contract.elsewhere import Elsewhere
from functions.http.contract.endpoint import UNREAD_BODY_LIMIT, AnyEndpoint
from functions.http.operations import dead_letters, doubtful_claims, openapi, status
from functions.http.pa import messages as submissions
from functions.http.pa import payment_notices, profiles, reminder_policy
from functions.http.pa import statistics as dashboard
from functions.http.pages import mail_links
from functions.http.pagopa import payments
from functions.queues import CONSUMERS
from functions.queues.contract import Consumer
from functions.timers import TIMERS
from functions.timers.contract import Timer

__all__ = (
    "BLUEPRINTS",
    "BODY_LIMITS",
    "CONSUMERS",
    "ELSEWHERE",
    "ENDPOINTS",
    "PRIORITY_FUNCTIONS",
    "TIMERS",
)

_SETTINGS: tuple[AnyEndpoint, ...] = (
    profile.read_profile,
    profile.update_profile,
    preferences.read_service_preference,
    preferences.change_service_preference,
    email_validation.request_email_validation,
)
_DESCRIBED: tuple[AnyEndpoint, ...] = (
    profiles.find_recipient,
    profiles.read_recipient,
    submissions.submit_message,
    submissions.submit_message_to,
    submissions.read_sent_message,
    dashboard.read_payment_statistics,
    dashboard.read_payment_statistics_csv,
    submissions.read_sent_reminders,
    reminder_policy.read_reminder_policy,
    reminder_policy.change_reminder_policy,
    payment_notices.submit_payment_notice,
    payment_notices.read_sent_notice,
    payment_notices.amend_payment_notice,
    payment_notices.cancel_payment_notice,
    payment_notices.reopen_payment_notice,
    inbox.list_inbox,
    inbox.read_message,
    inbox.change_message_status,
    reminders.read_reminders,
    reminders.change_reminders,
    papers.read_payment_qr_svg,
    papers.read_payment_qr_png,
    papers.read_payment_notice,
    papers.read_payment_receipt,
    papers.read_calendar_entry,
    *_SETTINGS,
    # where IO's older apps look for the same
    *(
        replace(one, name=f"{one.name}_v1", path=one.path.replace("/identity/", "/"))
        for one in _SETTINGS
    ),
    installations.register_installation,
    installations.register_installation_v1,
    installations.remove_installation,
    installations.remove_installation_v1,
    mail_links.show_unsubscribe,
    mail_links.do_unsubscribe,
    mail_links.show_validate_email,
    mail_links.do_validate_email,
    payment_info.read_payment_info,
    payments.update_payment,
    payments.update_payments,
    dead_letters.count_dead_letters,
    dead_letters.list_dead_letters,
    dead_letters.replay_dead_letter,
    status.read_status,
    doubtful_claims.list_doubtful_claims,
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_DESCRIBED, openapi.endpoint_of(_DESCRIBED))

ELSEWHERE: Elsewhere = Elsewhere(ENDPOINTS)

BLUEPRINTS: tuple[AnyEndpoint | Elsewhere | Consumer[Any] | Timer, ...] = (
    *ENDPOINTS,
    ELSEWHERE,
    *CONSUMERS,
    *TIMERS,
)
BODY_LIMITS: dict[str, int] = {
    **{endpoint.name: endpoint.body_limit for endpoint in ENDPOINTS},
    ELSEWHERE.name: UNREAD_BODY_LIMIT,
}
"""Bytes that a request's body may have, by function: a host reads no more."""
PRIORITY_FUNCTIONS: frozenset[str] = frozenset(one.name for one in CONSUMERS if one.has_priority)
"""Names of the queue functions that a host runs beside the requests."""
