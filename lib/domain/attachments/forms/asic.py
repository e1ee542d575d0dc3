"""Check that a file is a container of signed documents (ASiC, ETSI EN 319 162-1).

It is a ZIP file that names its form, with at least one document and one signature. The signatures
are not verified: the citizen's program does that.
"""

import re
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lib.domain.attachments.forms.fault import FormError

_MOST_ENTRIES: Final = 1000
_MOST_BYTES: Final = 200 * 1024 * 1024
"""The size of all documents once unpacked."""
_BLOCK: Final = 64 * 1024
_MOST_AT_ONCE: Final = 1024 * 1024
"""The bytes of one read. ZipFile reads the list of entries at once, whatever size it claims."""
_SIGNATURE: Final = re.compile(
    r"META-INF/(.*signature.*\.(xml|p7s)|.*timestamp.*\.tst)", re.IGNORECASE
)
_ENCRYPTED: Final = 0x1
_PREFIX: Final = "application/vnd.etsi.asic-"


class _Bounded:
    """A file of which nobody reads much at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read as a file does. Raise FormError for too much."""
        content = self._file.read(_MOST_AT_ONCE + 1 if size < 0 else min(size, _MOST_AT_ONCE + 1))
        if len(content) > _MOST_AT_ONCE:
            raise FormError("the list of the container's entries is too long")
        return content


def check_asic_e(file: IO[bytes]) -> None:
    """Refuse a file that is no extended container (ASiC-E). Raise FormError."""
    _check(file, f"{_PREFIX}e+zip")


def check_asic_s(file: IO[bytes]) -> None:
    """Refuse a file that is no simple container (ASiC-S), which has one document."""
    documents = _check(file, f"{_PREFIX}s+zip")
    if documents != 1:
        raise FormError("a simple container has one document")


def _check(file: IO[bytes], media_type: str) -> int:
    """Return the number of documents."""
    # the class needs no more of a file than these methods
    bounded: Any = _Bounded(file)
    with ZipFile(bounded) as archive:
        entries = archive.infolist()
        _check_sizes(entries)
        first = entries[0] if entries else None
        if first is None or first.filename != "mimetype" or first.compress_type != ZIP_STORED:
            raise FormError("the file is no container of signed documents (ASiC)")
        if first.header_offset:
            raise FormError("the container does not begin with its type")
        if first.file_size > 100 or archive.read(first).strip() != media_type.encode():  # noqa: PLR2004
            raise FormError("the container is of another form than the name of the file says")
        names = [one.filename for one in entries if not one.is_dir()]
        if not any(_SIGNATURE.fullmatch(name) for name in names):
            raise FormError("the container has no signature")
        for entry in entries:
            _unpack(archive, entry)
    return sum(not name.startswith("META-INF/") for name in names) - 1


def _check_sizes(entries: list[ZipInfo]) -> None:
    """Refuse what would unpack to too much, before anything is unpacked."""
    if len(entries) > _MOST_ENTRIES:
        raise FormError(f"the container may have at most {_MOST_ENTRIES} entries")
    if sum(one.file_size for one in entries) > _MOST_BYTES:
        raise FormError(f"the container may unpack to at most {_MOST_BYTES} bytes")
    names = [one.filename for one in entries]
    if len(set(names)) != len(names):
        raise FormError("two entries of the container have the same name")
    for one in entries:
        if one.flag_bits & _ENCRYPTED or one.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise FormError("an entry of the container is encrypted, or packed in an unknown way")
        if one.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", one.filename):
            raise FormError("an entry of the container leads out of it")


def _unpack(archive: ZipFile, entry: ZipInfo) -> None:
    """Unpack an entry to nowhere: it has the size that it says, and its checksum is right."""
    size = 0
    with archive.open(entry) as content:
        while block := content.read(_BLOCK):
            size += len(block)
    if size != entry.file_size:
        raise FormError("an entry of the container is cut off")
