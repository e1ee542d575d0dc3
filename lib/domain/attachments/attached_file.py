"""A file as its message names it."""

from typing import Final, NamedTuple

from lib.domain.shared.identifiers import AttachmentId

MOST_OF_A_MESSAGE: Final = 10


class AttachedFile(NamedTuple):
    """A file of a message; `size` in bytes, `sha256` in hex."""

    id: AttachmentId
    name: str
    media_type: str
    size: int
    sha256: str
