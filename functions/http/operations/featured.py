"""The operator's side: the institutions and services that stand in front of the catalogue."""

from typing import Annotated, Any, Final

from pydantic import Field

from functions.http.callers.operators_log import Records
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from lib.domain.operations.operator_action import SEPARATOR
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCodeField, ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

PATH: Final = "/api/operations/v1/catalog/featured"
MOST: Final = 20


class FeaturedView(Model):
    """The institutions and services that stand in front of the catalogue."""

    institutions: Annotated[
        list[OrganizationFiscalCodeField],
        Field(max_length=MOST),
        IOType(("array of OrganizationFiscalCode",)),
        says("The fiscal codes of institutions, in their order."),
    ]
    services: Annotated[
        list[ServiceIdField],
        Field(max_length=MOST),
        IOType(("array of ServiceId",)),
        says("The ids of services, in their order."),
    ]


async def _answer(call: Call[Operator, Any, None]) -> Answer:
    chosen = await call.app.services.catalog.chosen()
    view = FeaturedView(institutions=list(chosen.institutions), services=list(chosen.services))
    return Answer(200, view)


async def _put(call: Call[Operator, FeaturedView, None]) -> Answer:
    body = call.body
    await call.app.services.catalog.put_in_front(tuple(body.institutions), tuple(body.services))
    return await _answer(call)


def _values(call: Any) -> dict[str, str]:
    body = call.body
    return {
        "institutions": SEPARATOR.join(body.institutions),
        "services": SEPARATOR.join(body.services),
    }


read_featured = Endpoint(
    name="read_featured",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read what stands in front of the catalogue",
    description="The institutions and services that operators chose.",
    tag="operations",
    policy=OPERATORS,
    handler=_answer,
    answers={200: FeaturedView},
)

change_featured = Endpoint(
    name="change_featured",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Change what stands in front of the catalogue",
    description=(
        "Replaces both lists. Citizens see them within five minutes, without what is not in the "
        "catalogue."
    ),
    tag="operations",
    policy=OPERATORS,
    body=Body[FeaturedView](
        FeaturedView,
        name="Featured",
        example={"institutions": ["01234567890"], "services": []},
    ),
    handler=_put,
    records=Records(values=_values),
    answers={200: FeaturedView},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_featured, change_featured)
