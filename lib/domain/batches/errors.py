"""Errors of batches."""

from typing import NamedTuple

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
    UpstreamRefusalError,
)


class BatchNotFoundError(ResourceNotFoundError):
    """The service has no batch with this id, or the caller has no right to know that it has."""


class BatchStateError(StateConflictError):
    """The batch is in a status that does not allow the request. `detail`: which, and what does."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BatchExpiredError(ResourceNotFoundError):
    """The files of the batch are not kept any more."""


class StartTooLateError(InvalidRequestError):
    """The batch is to start later than a batch may. `days`: how far ahead it may."""

    def __init__(self, days: int) -> None:
        super().__init__(f"more than {days} days ahead")
        self.days = days


class ListPartsError(StateConflictError):
    """The parts of a list are not those that its sender names. `detail`: the difference."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TooManyBatchesError(StateConflictError):
    """The service has the maximum number of batches that have not ended. `most`: that number."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the service has {most} open batches")
        self.most = most


class BatchForbiddenError(ForbiddenError):
    """The key may write to fewer citizens than the key that made the batch."""


class BatchDoubtError(StateConflictError):
    """The check found reasons to ask before the batch is sent. `doubts`: the reasons."""

    def __init__(self, doubts: tuple[str, ...]) -> None:
        super().__init__(", ".join(doubts))
        self.doubts = doubts


class DomicilesOffError(StateConflictError):
    """The installation has no register of digital domiciles."""


class DomicilesAwayError(UpstreamRefusalError):
    """The register of digital domiciles does not answer now. `seconds`: the time to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the register of digital domiciles does not answer")
        self.seconds = seconds


class TemplateFault(NamedTuple):
    """A fault of a template: its place, and the rule in words.

    `pointer`: a JSON pointer into the template. `line` and `column` count from 1; 0 if the whole
    text has the fault.
    """

    pointer: str
    line: int
    column: int
    rule: str

    @property
    def detail(self) -> str:
        """The place in the text and the rule, in one line."""
        return f"line {self.line}, column {self.column}: {self.rule}" if self.line else self.rule


class InvalidTemplateError(InvalidRequestError):
    """The template has faults."""

    def __init__(self, faults: tuple[TemplateFault, ...]) -> None:
        super().__init__("; ".join(f"{one.pointer} {one.detail}" for one in faults))
        self.faults = faults


class TemplateNotFoundError(ResourceNotFoundError):
    """The service has no such template, or the caller has no right to know that it has."""


class TemplateTakenError(StateConflictError):
    """Another account has a template of this name for the service."""


class TemplateChangedError(StateConflictError):
    """The template is not the version that the sender has read."""


class TooManyTemplatesError(LimitExceededError):
    """The service has the maximum number of templates, or the template that of versions."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
