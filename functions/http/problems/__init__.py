"""How the API answers each domain error: one table per area, joined here.

A table names the errors of its own area alone, and has one row for each of them.
"""

from collections.abc import Mapping
from typing import Any, Final

from functions.http.contract.problem_row import Row
from functions.http.contract.problems import GatewayRefusal, Problem
from functions.http.problems import (
    attachments,
    batches,
    certificates,
    documents,
    identity,
    inbox,
    limits,
    messages,
    operations,
    organizations,
    parties,
    payment_notices,
    payments,
    personal_data,
    profiles,
    reminders,
    remote_content,
    services,
    sign_in,
    statistics,
)
from lib.domain.shared.errors import DomainError

TABLES: Final = (
    identity.PROBLEMS,
    parties.PROBLEMS,
    limits.PROBLEMS,
    messages.PROBLEMS,
    inbox.PROBLEMS,
    services.PROBLEMS,
    payments.PROBLEMS,
    payment_notices.PROBLEMS,
    documents.PROBLEMS,
    attachments.PROBLEMS,
    certificates.PROBLEMS,
    batches.PROBLEMS,
    profiles.PROBLEMS,
    sign_in.PROBLEMS,
    reminders.PROBLEMS,
    remote_content.PROBLEMS,
    statistics.PROBLEMS,
    organizations.PROBLEMS,
    operations.PROBLEMS,
    personal_data.PROBLEMS,
)
ROWS: Final[Mapping[type[DomainError], Row[Any]]] = {
    row.error: row for table in TABLES for row in table
}


def answer_to(error: DomainError) -> Problem | GatewayRefusal:
    """Return the answer to a domain error."""
    return ROWS[type(error)].answer(error)
