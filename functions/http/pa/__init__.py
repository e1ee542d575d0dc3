"""The API of senders, by area."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa import (
    checks,
    limits,
    messages,
    organizations,
    payment_notices,
    profiles,
    reminders,
    remote_content,
    services,
    statistics,
    withdrawals,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *profiles.ENDPOINTS,
    *messages.ENDPOINTS,
    *checks.ENDPOINTS,
    *withdrawals.ENDPOINTS,
    *statistics.ENDPOINTS,
    *reminders.ENDPOINTS,
    *payment_notices.ENDPOINTS,
    *services.ENDPOINTS,
    *organizations.ENDPOINTS,
    *remote_content.ENDPOINTS,
    *limits.ENDPOINTS,
)
