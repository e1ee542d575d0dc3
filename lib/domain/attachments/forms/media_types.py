"""The media types of the files that are accepted, by the ending of the file's name."""

from collections.abc import Mapping
from typing import Final

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "p7m": "application/pkcs7-mime",
    "asice": "application/vnd.etsi.asic-e+zip",
    "sce": "application/vnd.etsi.asic-e+zip",
    "asics": "application/vnd.etsi.asic-s+zip",
    "scs": "application/vnd.etsi.asic-s+zip",
}


def ending_of(name: str) -> str:
    """Return the ending of a file's name in small letters, without its dot."""
    return name.rpartition(".")[2].lower()
