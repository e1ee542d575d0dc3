"""The API of senders, by area."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa import (
    checks,
    limits,
    messages,
    organizations,
    payment_notices,
    profiles,
    recipients,
    reminders,
    remote_content,
    reports,
    sent_messages,
    services,
    statistics,
    vouchers,
    waiting,
    withdrawing,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *profiles.ENDPOINTS,
    *recipients.ENDPOINTS,
    *messages.ENDPOINTS,
    *checks.ENDPOINTS,
    *withdrawing.ENDPOINTS,
    *sent_messages.ENDPOINTS,
    *waiting.ENDPOINTS,
    *statistics.ENDPOINTS,
    *reports.ENDPOINTS,
    *reminders.ENDPOINTS,
    *payment_notices.ENDPOINTS,
    *services.ENDPOINTS,
    *organizations.ENDPOINTS,
    *remote_content.ENDPOINTS,
    *limits.ENDPOINTS,
    *vouchers.ENDPOINTS,
)
