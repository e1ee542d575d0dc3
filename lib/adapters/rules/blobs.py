"""Check names of blobs and containers as Azure Storage does."""

import re
from typing import Final

from lib.ports.errors import LimitError

MAX_NAME: Final = 1024
MAX_LISTED: Final = 5000

_CONTAINER: Final = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*")


def check_blob(container: str, name: str) -> None:
    """Raise LimitError for a container or name that Azure Storage refuses."""
    if not _CONTAINER.fullmatch(container):
        raise LimitError("a blob container's name is 3 to 63 of a-z, 0-9 and single hyphens")
    if not 1 <= len(name) <= MAX_NAME:
        raise LimitError(f"{container}: a blob's name is 1 to {MAX_NAME} characters")
    if not {".", ".."}.isdisjoint(name.split("/")):
        # clients and proxies resolve such segments in different ways
        raise LimitError(f"{container}: a blob's name has no segment that is . or ..")
    try:
        name.encode()
    except UnicodeEncodeError:
        raise LimitError(f"{container}: a blob's name is not Unicode text") from None


def check_folder(container: str, folder: str, limit: int) -> None:
    """Raise LimitError for a folder that no name begins with, or a limit that Azure refuses."""
    check_blob(container, folder)
    if "/" in folder:
        raise LimitError(f"{container}: a folder is a part of names without a slash")
    if not 1 <= limit <= MAX_LISTED:
        raise LimitError(f"{container}: a listing has 1 to {MAX_LISTED} names")
