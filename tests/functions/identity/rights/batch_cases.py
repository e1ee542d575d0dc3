"""The cases of the endpoints of batches, templates, files and certificates."""

from collections.abc import Mapping
from typing import Any, Final

from tests.functions.attachments.file_calls import PDF, announced
from tests.functions.batches.kept_files import BYTES, whole
from tests.functions.batches.template_calls import a_body
from tests.functions.certificates.certificate_calls import NAME, OFFER, REFUSAL
from tests.functions.identity.rights.batches import (
    A_PART,
    RECIPIENT,
    SERVICE_ACCOUNT,
    a_batch,
)
from tests.functions.identity.rights.callers import (
    INTERMEDIARIES,
    INTERMEDIARY,
    LIMITED,
    OF_INTERMEDIARY,
    OF_SERVICE,
    OTHER_INTERMEDIARY,
    SERVICE,
    SERVICE_KEYS,
    SIBLING,
    VOUCHER,
)
from tests.functions.identity.rights.cases import OWN, Case, of_service, sent
from tests.functions.identity.rights.files import PART

_TEMPLATE: Final = {"name": "<template>"}
_TAKEN_NAME: Final = {OTHER_INTERMEDIARY: 409}
_OF_TEMPLATE: Final = {"name": "Elenco", "template": _TEMPLATE}
_AGAIN: Final[dict[str, Any]] = {
    "body": a_batch("<subject>"),
    "headers": {"idempotency-key": "<batch_key>"},
    "shows": ("draft_batch",),
}
_REQUEST: Final = {"id": "<request>"}
_WAITING: Final = {"id": "<waiting_batch>"}


def _batch(status: str, **case: Any) -> tuple[Case, ...]:
    return sent(404, path={"id": f"<{status}_batch>"}, **case)


def _changed(status: str, body: Any = None) -> tuple[Case, ...]:
    """Return the cases of a change: a key for few citizens has no say in a batch for all."""
    return _batch(status, writes=True, body=body)


ROWS: Final[Mapping[str, tuple[Case, ...]]] = {
    "save_certificate": of_service(path={"name": NAME}, body=OFFER),
    "list_certificates": of_service(),
    "remove_certificate": of_service(others=404, path={"name": NAME}),
    "list_certificate_requests": of_service(shows=("request", "use")),
    "list_certificate_request_changes": of_service(shows=("request", "use")),
    "read_certificate_request": of_service(others=404, path=_REQUEST, shows=("request", "use")),
    "answer_certificate_request": (
        Case(
            OF_SERVICE,
            (SERVICE, VOUCHER),
            404,
            _REQUEST,
            REFUSAL,
            cells={**dict.fromkeys(INTERMEDIARIES, 403), LIMITED: 403},
        ),
    ),
    "create_attachment": sent(OWN, body=announced(PDF)),
    "upload_attachment_part": sent(
        404,
        path={"id": "<partial_file>", "number": "1"},
        body=PART,
        headers={"content-type": BYTES},
    ),
    "complete_attachment": sent(404, path={"id": "<partial_file>"}),
    "read_attachment": sent(404, path={"id": "<ready_file>"}),
    "discard_attachment": sent(404, path={"id": "<ready_file>"}),
    # a batch by the idempotency key of another's, and by the template of another's
    "create_batch": (
        Case(OF_SERVICE, SERVICE_KEYS, OWN, **_AGAIN),
        Case(OF_INTERMEDIARY, (INTERMEDIARY,), OWN, **_AGAIN),
        *sent(404, body=_OF_TEMPLATE),
    ),
    "list_batches": sent(OWN, shows=("draft_batch", "subject"), like=SIBLING),
    "read_batch": _batch("finished", shows=("subject",)),
    "upload_recipients": _changed("draft", [{"cf": RECIPIENT}]),
    "upload_recipients_part": sent(
        404,
        path={"id": "<draft_batch>", "number": "1"},
        writes=True,
        body=[{"cf": RECIPIENT}],
        headers={"content-type": BYTES},
    ),
    "complete_recipients": _changed("partial", whole([A_PART])),
    "send_batch": _changed("checked", {"accept_doubts": True}),
    # a second person: the intermediary's batch is approved by the service
    "approve_batch": (
        Case(
            OF_SERVICE,
            (),
            404,
            _WAITING,
            cells={**dict.fromkeys(SERVICE_ACCOUNT, 409), LIMITED: 403},
        ),
        Case(
            OF_INTERMEDIARY,
            SERVICE_ACCOUNT,
            404,
            _WAITING,
            cells={INTERMEDIARY: 409, LIMITED: 403},
        ),
    ),
    "pause_batch": _changed("paused"),
    "resume_batch": _changed("paused"),
    "cancel_batch": _changed("paused"),
    "retry_batch": _changed("finished"),
    "withdraw_batch": _changed("finished", {"reason": "Importo errato"}),
    "list_batch_problems": _batch("finished"),
    "read_batch_problems_file": _batch("finished"),
    "read_batch_results_file": _batch("finished", shows=("batch_message",)),
    "read_batch_unreached_file": (
        *_batch("finished"),
        *_batch("finished", query={"digital_domicile": "true"}),
    ),
    # an intermediary that saves a template of a name that another account has
    "save_template": (
        sent(OWN, path=_TEMPLATE, body=a_body(), cells={**_TAKEN_NAME, INTERMEDIARY: 409})[0],
        sent(OWN, path=_TEMPLATE, body=a_body(), cells=_TAKEN_NAME)[1],
    ),
    "list_templates": sent(OWN, shows=("template", "subject"), like=SIBLING),
    "read_template": (
        *sent(404, path=_TEMPLATE, shows=("subject",)),
        *sent(404, path=_TEMPLATE, query={"version": "1"}, shows=("subject",)),
    ),
    "preview_template": sent(404, path=_TEMPLATE, body={"values": {}}, shows=("subject",)),
    "preview_text": sent(OWN, body={"content": a_body(), "values": {}}, shows=()),
    "delete_template": sent(404, path=_TEMPLATE),
}
