"""What restricted callers get of batches and templates."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import MAY, Row, senders
from tests.functions.batches.batch_calls import CITIZENS, CONTENT
from tests.functions.batches.kept_files import BYTES, whole
from tests.functions.batches.template_calls import VALUES, a_body

_NAME: Final = {"name": "tari"}
_UNKNOWN: Final = {"id": "01J0000000000000000000000A"}
"""The id of no batch; test_rights.py has those of other senders."""
_STEPS: Final = ("send", "approve", "pause", "resume", "cancel", "retry")
ROWS: Final[Mapping[str, Row]] = {
    "create_batch": Row(senders(MAY), {"name": "TARI 2027", "content": CONTENT}),
    "upload_recipients": Row(senders(404), [{"cf": CITIZENS[0]}], _UNKNOWN),
    "upload_recipients_part": Row(
        senders(404), b"cf", {**_UNKNOWN, "number": "1"}, {"content-type": BYTES}
    ),
    "complete_recipients": Row(senders(404), whole([b"cf"]), _UNKNOWN),
    **{f"{step}_batch": Row(senders(404), {}, _UNKNOWN) for step in _STEPS},
    "withdraw_batch": Row(senders(404), {"reason": "Importo errato"}, _UNKNOWN),
    "save_template": Row(senders(MAY), a_body(), _NAME),
    "delete_template": Row(senders(404), None, _NAME),
    "preview_text": Row(senders(200, another_group=200), {"content": CONTENT, "values": VALUES}),
    "preview_template": Row(senders(404, another_group=404), {"values": VALUES}, _NAME),
}
