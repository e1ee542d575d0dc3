"""Files in answers to senders and citizens."""

from typing import Annotated, Any

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import UlidField
from lib.domain.shared.model import Model

FileIdField = Annotated[UlidField, says("The id of the file.")]


class AttachmentItem(Model):
    """A file of a message."""

    id: Annotated[str, says("The id of the file, by which it is downloaded.")]
    name: Annotated[str, says("The name of the file, with its ending.")]
    content_type: Annotated[str, says("The media type of the file, which was checked.")]
    size: Annotated[int, says("The size of the file in bytes.")]
    sha256: Annotated[str, says("The SHA-256 hash of the file, in hex.")]


def shown_file(file: AttachedFile) -> dict[str, Any]:
    """Return the members of an AttachmentItem."""
    id_, name, media_type, size, sha256 = file
    return {"id": id_, "name": name, "content_type": media_type, "size": size, "sha256": sha256}
