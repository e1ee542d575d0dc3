"""Endpoint that tells the citizen the amount that a payment notice asks for now."""

from typing import Annotated

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.problems.payments import payment_unavailable
from lib.domain.identity.access import Access
from lib.domain.parties.admission import READS_FILTERED
from lib.domain.payments.errors import PaymentFaultError
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode, RptId, RptIdField
from lib.domain.shared.model import Model


class PaymentInfoAnswer(Model):
    """The amount to pay, in euro cents, with `dueDate` as `2027-06-30`. The names are IO's."""

    amount: Annotated[
        int, says("The sum to pay now, in euro cents. It may differ from the sum in the message.")
    ]
    rptId: Annotated[  # noqa: N815 - IO's name on the wire
        RptId,
        says("The payment: the payee's fiscal code, 11 digits, and the notice number, 18 digits."),
    ]
    paFiscalCode: Annotated[  # noqa: N815 - IO's name on the wire
        OrganizationFiscalCode | None,
        says("The fiscal code of the payee, 11 digits. Absent: pagoPA's node did not say."),
    ] = None
    paName: Annotated[  # noqa: N815 - IO's name on the wire
        str | None, says("The name of the payee. Absent: pagoPA's node did not say.")
    ] = None
    description: Annotated[
        str | None,
        says("What the payment is for, in the payee's words. Absent: pagoPA's node did not say."),
    ] = None
    dueDate: Annotated[  # noqa: N815 - IO's name on the wire
        str | None,
        says(
            "The due date: a day in Europe/Rome, such as 2027-06-30. Absent: pagoPA's "
            "node did not say."
        ),
    ] = None


async def _read(call: Call[Access, None, None]) -> Answer:
    info = await call.app.payments.read_info(call.caller, RptId(call.path["rptId"]))
    return Answer(
        200,
        PaymentInfoAnswer(
            amount=info.amount,
            rptId=info.rpt_id,
            paFiscalCode=info.payee_fiscal_code,
            paName=info.payee_name,
            description=info.description,
            dueDate=info.due_date,
        ),
    )


read_payment_info = Endpoint(
    name="read_payment_info",
    method="GET",
    path="/api/communication/v1/payment/info/{rptId}",
    summary="Read what a payment notice asks for now",
    description=(
        "A citizen can read a notice only with a message that asks for it; otherwise the answer is "
        "404. If the notice cannot be paid, `faultCodeCategory` and `faultCodeDetail` are "
        "pagoPA's; PAYMENT_DUPLICATED means that it is paid."
    ),
    tag="citizen",
    policy=Citizens(READS_FILTERED),
    parameters={"rptId": RptIdField},
    handler=_read,
    answers={200: PaymentInfoAnswer},
    refusals=(PaymentFaultError,),
    outage=payment_unavailable,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_payment_info,)
