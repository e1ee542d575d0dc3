"""The citizen's side of a payment: what the notice of a message asks for now."""

from pydantic import BaseModel

from functions.http import problems
from functions.http.endpoint import Answer, Call, Endpoint
from functions.http.policies import Citizens
from lib.domain import errors
from lib.domain.citizen import Citizen
from lib.domain.payment import RptId


class PaymentInfoAnswer(BaseModel):
    """What there is to pay, in euro cents; `dueDate` as `2027-06-30`. The names are IO's."""

    amount: int
    rptId: str  # noqa: N815
    paFiscalCode: str | None = None  # noqa: N815
    paName: str | None = None  # noqa: N815
    description: str | None = None
    dueDate: str | None = None  # noqa: N815


async def _read(call: Call[Citizen, None, None]) -> Answer:
    info = await call.app.read_payment_info(call.caller.fiscal_code, call.path["rptId"])
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
    summary="See what a notice asks for now",
    description=(
        "For citizens who hold a message with the notice; to others it is unknown. Where it cannot "
        "be paid, `faultCodeCategory` and `faultCodeDetail` are pagoPA's; PAYMENT_DUPLICATED means "
        "that it is paid."
    ),
    tag="citizen",
    policy=Citizens(),
    parameters={"rptId": RptId},
    handler=_read,
    answers={200: PaymentInfoAnswer},
    refusals=(errors.PaymentFaultError,),
    outage=problems.payment_unavailable,
)
