"""Refusals and failures as the OpenAPI document shows them."""

from typing import Annotated

from functions.http.contract.problems import FieldCode
from lib.domain.payments.errors import FaultCategory
from lib.domain.payments.payment import PaymentStatus
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.sign_in.errors import TokenFault


class FieldError(Model):
    """A field that was refused, and the rule that it breaks."""

    pointer: Annotated[
        str,
        says(
            "Where the fault is: a JSON pointer into the body, `#/query/name` for a "
            "query parameter, `#/headers/Name` for a header, `#/path/name` for a part "
            "of the path."
        ),
    ]
    code: Annotated[
        FieldCode, says("The kind of the fault, for programs. There may be more kinds later.")
    ]
    detail: Annotated[str, says("Which rule the value breaks, in words.")]


class ProblemAnswer(Model):
    """A problem (RFC 9457)."""

    type: Annotated[
        str | None,
        says("The address that names the kind of problem, where IO has one. Absent elsewhere."),
    ] = None
    status: Annotated[int, says("The HTTP status code, as in the answer's first line.")]
    title: Annotated[str, says("The kind of problem, in a few words that do not change.")]
    detail: Annotated[
        str | None,
        says("What is wrong with this request, and what to do. Absent where the title is enough."),
    ] = None
    errors: Annotated[
        list[FieldError] | None,
        says(
            "The fields that were refused, with the rule of each. Absent where no "
            "field is to blame."
        ),
    ] = None
    trace_id: Annotated[
        str | None,
        says(
            "The id under which operators find this call in the logs. It is there "
            "where the fault is ours."
        ),
    ] = None
    faultCodeCategory: Annotated[  # noqa: N815 - IO's name on the wire
        FaultCategory | None, says("The category of pagoPA's fault, in problems of payments.")
    ] = None
    faultCodeDetail: Annotated[  # noqa: N815 - IO's name on the wire
        str | None, says("The fault's code of pagoPA, in problems of payments.")
    ] = None
    payment_status: Annotated[
        PaymentStatus | None,
        says("The status of a payment that is closed or has nothing to pay."),
    ] = None


class TokenRefusalAnswer(Model):
    """A refused request for tokens (RFC 6749, section 5.2), with the members of a problem."""

    error: Annotated[TokenFault, says("The fault, by its name in RFC 6749.")]
    error_description: Annotated[
        str, says("What is wrong, and what to do, for the client's developer.")
    ]
    status: Annotated[int, says("The HTTP status code, as in the answer's first line.")]
    title: Annotated[str, says("The kind of problem, in a few words that do not change.")]
    detail: Annotated[str, says("The same as `error_description`.")]


class GatewayRefusalAnswer(Model):
    """A refused key: a problem (RFC 9457) and the form of IO's API gateway in one."""

    statusCode: Annotated[  # noqa: N815 - IO's name on the wire
        int, says("The HTTP status code, under the name that IO's gateway gives it.")
    ]
    message: Annotated[str, says("What is wrong with the key, in the words of IO's gateway.")]
    title: Annotated[str, says("The kind of problem, in a few words that do not change.")]
    status: Annotated[int, says("The HTTP status code, as in the answer's first line.")]
    detail: Annotated[str, says("Which header is missing or wrong, and what to do.")]
    errors: Annotated[
        list[FieldError] | None,
        says("The header that was refused, with its rule. Absent where it is not known."),
    ] = None
