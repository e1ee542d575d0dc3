"""Valid messages to vary."""

from collections.abc import Mapping
from typing import Any

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Document
from lib.ports.queueing.items.messages import MessageSubmitted

WITH_WARNINGS = {"Prefer": "include=warnings"}
MARKDOWN = "È disponibile l'avviso della prima rata della tassa sui rifiuti. " * 2


def a_message(*, content: Mapping[str, Any] | None = None, **changes: Any) -> Document:
    """Return a valid body to submit; `content` adds to its content, None takes a field away."""
    body = {
        "fiscal_code": CITIZEN,
        "content": {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN, **(content or {})},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def submitted(message_id: MessageId, fiscal_code: str = CITIZEN) -> MessageSubmitted:
    """Return the queue item of a submission."""
    return MessageSubmitted(fiscal_code=fiscal_code, message_id=message_id, service_id=SERVICE_ID)
