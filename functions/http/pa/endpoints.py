"""The API of senders, by area."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa import (
    attachments,
    checks,
    limits,
    messages,
    payment_notices,
    profiles,
    reminders,
    remote_content,
    reports,
    sent_messages,
    statistics,
)
from functions.http.pa.batches import endpoints as batches
from functions.http.pa.certificates import endpoints as certificates
from functions.http.pa.organizations import endpoints as organizations
from functions.http.pa.recipients import endpoints as recipients
from functions.http.pa.services import endpoints as services
from functions.http.pa.vouchers import endpoints as vouchers
from functions.http.pa.waiting import endpoints as waiting
from functions.http.pa.withdrawing import endpoints as withdrawing

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
    *attachments.ENDPOINTS,
    *certificates.ENDPOINTS,
    *batches.ENDPOINTS,
    *reminders.ENDPOINTS,
    *payment_notices.ENDPOINTS,
    *services.ENDPOINTS,
    *organizations.ENDPOINTS,
    *remote_content.ENDPOINTS,
    *limits.ENDPOINTS,
    *vouchers.ENDPOINTS,
)
