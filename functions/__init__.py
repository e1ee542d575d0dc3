"""Triggers: parse, call a use case, answer. BLUEPRINTS is the one list of what is deployed."""

from dataclasses import replace
from typing import Any

from functions.http.app import installations, papers, preferences, profile
from functions.http.app import messages as inbox
from functions.http.app import payments as payment_info
from functions.http.endpoint import AnyEndpoint
from functions.http.operations import dead_letters, openapi
from functions.http.pa import messages as submissions
from functions.http.pa import payment_notices
from functions.http.pagopa import payments
from functions.queues.consumer import Consumer
from functions.queues.installation_changed import settle_devices
from functions.queues.message_submitted import fan_out_message
from functions.queues.notification_requested import send_notification
from functions.queues.payment_updated import mark_payment

_SETTINGS: tuple[AnyEndpoint, ...] = (
    profile.read_profile,
    profile.update_profile,
    preferences.read_service_preference,
    preferences.change_service_preference,
)
_DESCRIBED: tuple[AnyEndpoint, ...] = (
    submissions.submit_message,
    submissions.submit_message_to,
    submissions.read_sent_message,
    payment_notices.submit_payment_notice,
    payment_notices.read_sent_notice,
    payment_notices.amend_payment_notice,
    payment_notices.cancel_payment_notice,
    inbox.list_inbox,
    inbox.read_message,
    inbox.change_message_status,
    papers.read_payment_qr_svg,
    papers.read_payment_qr_png,
    papers.read_payment_notice,
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
    payment_info.read_payment_info,
    payments.update_payment,
    payments.update_payments,
    dead_letters.list_dead_letters,
    dead_letters.replay_dead_letter,
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_DESCRIBED, openapi.endpoint_of(_DESCRIBED))
CONSUMERS: tuple[Consumer[Any], ...] = (
    fan_out_message,
    send_notification,
    settle_devices,
    mark_payment,
)

BLUEPRINTS: tuple[AnyEndpoint | Consumer[Any], ...] = (*ENDPOINTS, *CONSUMERS)
