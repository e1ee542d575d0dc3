"""Errors of the files that senders upload."""

from lib.domain.shared.errors import (
    InvalidRequestError,
    ResourceNotFoundError,
    StateConflictError,
    UpstreamRefusalError,
)


class AttachmentNotFoundError(ResourceNotFoundError):
    """The sender has no such file. `pointer`: where a message names it."""

    def __init__(self, pointer: str = "") -> None:
        super().__init__()
        self.pointer = pointer


class AttachmentStateError(StateConflictError):
    """The file does not have the status for this. `detail`: what it is, for its sender."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class WrongPartError(InvalidRequestError):
    """A part has another size than its place in the file says."""

    def __init__(self, number: int, size: int) -> None:
        super().__init__()
        self.number = number
        self.size = size


class ScannerOffError(UpstreamRefusalError):
    """The installation has no scanner for malware, so it takes no files."""


class WrongRangeError(InvalidRequestError):
    """The request asks for bytes behind the end of the file. `size`: the size of the file."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


class RangeNeededError(InvalidRequestError):
    """The file is too large for one answer. `size`: of the file; `most`: of an answer."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__()
        self.size = size
        self.most = most
