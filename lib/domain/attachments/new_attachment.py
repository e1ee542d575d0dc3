"""A file as its sender announces it, before its bytes come."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from lib.domain.attachments.attachment import MOST_BYTES
from lib.domain.attachments.forms.media_types import MEDIA_TYPES, ending_of
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, IOType

_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069]')
"""Characters that a file system or a reader would take for something else."""
_ENDINGS: Final = ", ".join(f".{ending}" for ending in MEDIA_TYPES)


def _file_name(name: str) -> str:
    if _UNFIT.search(name) or name.startswith(".") or name != name.strip():
        raise ValueError("must be the name of a file, without a path and unprintable characters")
    if "." not in name or ending_of(name) not in MEDIA_TYPES:
        msg = f"must end in one of {_ENDINGS}"
        raise ValueError(msg)
    return name


FileName = Annotated[
    str,
    StringConstraints(min_length=5, max_length=120),
    AfterValidator(_file_name),
    IOType(
        ("file name of 5 to 120 characters",),
        f"must be a file name of 5 to 120 characters that ends in one of {_ENDINGS}",
    ),
]
Sha256 = Annotated[
    str,
    StringConstraints(pattern="^[0-9a-f]{64}$"),
    IOType(("SHA-256 hash in hex",), "must be 64 hex digits in small letters"),
]


class NewAttachment(Model):
    """A file to upload. Its bytes come afterwards, in parts."""

    name: Annotated[
        FileName,
        says("The name of the file, as the citizen sees it. Its ending says what the file is."),
    ]
    size: Annotated[
        int,
        Field(strict=True, ge=1, le=MOST_BYTES),
        INTEGRAL,
        says("The size of the file in bytes, at most 50 MiB."),
    ]
    sha256: Annotated[Sha256, says("The SHA-256 hash of the file, in hex.")]
