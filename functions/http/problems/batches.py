"""How the API answers the errors of batches."""

import math
from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from functions.http.contract.problems import field_fault
from lib.domain.batches.errors import (
    BatchDoubtError,
    BatchExpiredError,
    BatchForbiddenError,
    BatchNotFoundError,
    BatchStateError,
    DomicilesAwayError,
    DomicilesOffError,
    InvalidTemplateError,
    ListPartsError,
    StartTooLateError,
    TemplateChangedError,
    TemplateFault,
    TemplateNotFoundError,
    TemplateTakenError,
    TooManyBatchesError,
    TooManyTemplatesError,
)

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        BatchNotFoundError,
        404,
        "Batch not found",
        "Your service has no batch with this id.",
    ),
    Row(
        BatchStateError,
        409,
        "Batch in another status",
        lambda error: f"{error.detail[:1].upper()}{error.detail[1:]}.",
        samples=(BatchStateError("the batch is RUNNING: it takes no list of recipients any more"),),
    ),
    Row(
        BatchExpiredError,
        410,
        "Files not kept any more",
        "The list, the rows and the results of the batch were deleted some time after its end.",
    ),
    Row(
        StartTooLateError,
        400,
        "Start too late",
        lambda error: f"/start_at: is more than {error.days} days ahead",
        lambda error: field_error("/start_at", f"is more than {error.days} days ahead", "TOO_FAR"),
        samples=(StartTooLateError(90),),
    ),
    Row(
        ListPartsError,
        409,
        "List not complete",
        lambda error: f"{error.detail[:1].upper()}{error.detail[1:]}.",
        samples=(ListPartsError("parts are missing: 3, 5"),),
    ),
    Row(
        TooManyBatchesError,
        409,
        "Too many batches",
        lambda error: (
            f"Your service has {error.most} batches that are neither FINISHED nor CANCELLED, and "
            "may not have more: send or cancel one first."
        ),
        samples=(TooManyBatchesError(100),),
    ),
    Row(
        BatchForbiddenError,
        403,
        "Batch of another key",
        "Your key may write to few citizens only. The key that made the batch may write to others "
        "as well, so your key may not change the batch.",
    ),
    Row(
        BatchDoubtError,
        409,
        "Batch in doubt",
        lambda error: (
            f"Look again before you send: {', '.join(error.doubts)}. Then ask with accept_doubts."
        ),
        samples=(BatchDoubtError(("TEST_TEXT",)),),
    ),
    Row(
        DomicilesOffError,
        409,
        "Digital domiciles are not set up",
        "This installation cannot ask the register of digital domiciles (INAD): its operator must "
        "set DIGITAL_DOMICILES_URL. Without digital_domicile you get the file.",
    ),
    Row(
        DomicilesAwayError,
        503,
        "Register not reachable",
        "The register of digital domiciles (INAD) does not answer now: send the request again "
        "after the time in Retry-After. Without digital_domicile you get the file.",
        headers=lambda error: {"Retry-After": str(math.ceil(error.seconds))},
        samples=(DomicilesAwayError(60),),
    ),
    Row(
        InvalidTemplateError,
        400,
        "Invalid template",
        lambda error: "\n".join(f"{one.pointer}: {one.detail}" for one in error.faults),
        lambda error: tuple(field_fault(one.pointer, one.detail) for one in error.faults),
        samples=(InvalidTemplateError((TemplateFault("/markdown", 3, 1, "has no {% endif %}"),)),),
    ),
    Row(
        TemplateNotFoundError,
        404,
        "Template not found",
        "Your service has no template of this name and version.",
    ),
    Row(
        TemplateTakenError,
        409,
        "Name taken",
        "Another account has a template of this name for the service: use another name.",
    ),
    Row(
        TemplateChangedError,
        412,
        "Precondition failed",
        "The template is not the version that If-Match names: read it again, then change it.",
    ),
    Row(
        TooManyTemplatesError,
        400,
        "Too many templates",
        lambda error: error.detail,
        samples=(TooManyTemplatesError("Your service has 200 templates."),),
    ),
)
