"""Triggers: parse, call a use case, answer. BLUEPRINTS is the one list of what is deployed."""

from typing import Any

from functions.http.app import messages as inbox
from functions.http.app import payments as payment_info
from functions.http.endpoint import AnyEndpoint
from functions.http.operations import dead_letters, openapi
from functions.http.pa import messages as submissions
from functions.http.pagopa import payments
from functions.queues.consumer import Consumer
from functions.queues.message_submitted import fan_out_message
from functions.queues.notification_requested import send_notification
from functions.queues.payment_updated import mark_payment

_DESCRIBED: tuple[AnyEndpoint, ...] = (
    submissions.submit_message,
    submissions.submit_message_to,
    submissions.read_sent_message,
    inbox.list_inbox,
    inbox.read_message,
    inbox.change_message_status,
    payment_info.read_payment_info,
    payments.update_payment,
    payments.update_payments,
    dead_letters.list_dead_letters,
    dead_letters.replay_dead_letter,
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_DESCRIBED, openapi.endpoint_of(_DESCRIBED))
CONSUMERS: tuple[Consumer[Any], ...] = (fan_out_message, send_notification, mark_payment)

BLUEPRINTS: tuple[AnyEndpoint | Consumer[Any], ...] = (*ENDPOINTS, *CONSUMERS)
