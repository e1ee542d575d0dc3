"""What restricted callers get of files."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import MAY, Row, senders
from tests.functions.attachments.file_calls import BYTES, PDF, announced

_UNKNOWN: Final = {"id": "01J0000000000000000000000A"}
"""The id of no file; test_rights.py has those of other senders."""
ROWS: Final[Mapping[str, Row]] = {
    "create_attachment": Row(senders(MAY), announced(PDF)),
    "upload_attachment_part": Row(
        senders(404), b"x", {**_UNKNOWN, "number": "1"}, {"content-type": BYTES}
    ),
    "complete_attachment": Row(senders(404), None, _UNKNOWN),
    "discard_attachment": Row(senders(404), None, _UNKNOWN),
}
