"""How the API answers the errors of files."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    AttachmentStateError,
    RangeNeededError,
    ScannerOffError,
    WrongPartError,
    WrongRangeError,
)

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        AttachmentNotFoundError,
        404,
        "File not found",
        "There is no file with this id that you may use.",
        lambda error: (
            field_error(error.pointer, "names no file of yours", "UNKNOWN_FILE")
            if error.pointer
            else ()
        ),
    ),
    Row(
        AttachmentStateError,
        409,
        "File in another status",
        lambda error: f"{error.detail[:1].upper()}{error.detail[1:]}.",
        samples=(AttachmentStateError("the file is CHECKING, and not READY"),),
    ),
    Row(
        WrongPartError,
        400,
        "Part of another size",
        lambda error: (
            f"Part {error.number} of this file has {error.size} bytes."
            if error.size
            else f"The file has no part {error.number}."
        ),
        samples=(WrongPartError(2, 100),),
    ),
    Row(
        ScannerOffError,
        409,
        "No scanner is set up",
        "This installation cannot scan files for malware, so it takes none: its operator must set "
        "CLAMD_ADDRESS.",
    ),
    Row(
        WrongRangeError,
        416,
        "Range not satisfiable",
        lambda error: f"The file has {error.size} bytes.",
        headers=lambda error: {"Content-Range": f"bytes */{error.size}"},
        samples=(WrongRangeError(1000),),
    ),
    Row(
        RangeNeededError,
        400,
        "File too large for one answer",
        lambda error: (
            f"The file has {error.size} bytes, and one answer has at most {error.most}. Ask for it "
            "in ranges, with the header Range: bytes=0-, then from where the answer ends."
        ),
        headers=lambda _: {"Accept-Ranges": "bytes"},
        samples=(RangeNeededError(20_000_000, 10_485_760),),
    ),
)
