"""Endpoints of the certificates that a service offers."""

from typing import Annotated, Final

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from lib.domain.certificates.errors import CertificateNotFoundError, TooManyCertificatesError
from lib.domain.certificates.offer import CertificateName, NewOffer, Offer
from lib.domain.services.service import Group, Sender, check_whole_service
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

PATH: Final = "/api/v1/certificates"
WRITERS: Final = Senders(
    frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)), check=check_whole_service
)
EXAMPLE: Final = {
    "title": "Certificato di residenza",
    "description": "In carta libera, per gli usi consentiti dalla legge.",
    "fields": [{"name": "motivo", "label": "Per quale uso?"}],
    "days": 10,
}


class OfferList(Model):
    """The certificates of a service."""

    items: Annotated[list[Offer], says("The certificates, by their names.")]


async def _save(call: Call[Sender, NewOffer, None]) -> Answer:
    return Answer(
        200, await call.app.certificates.offers.save(call.caller, call.path["name"], call.body)
    )


async def _list(call: Call[Sender, None, None]) -> Answer:
    found = await call.app.certificates.offers.of_service(call.caller.service.id)
    return Answer(200, OfferList(items=found))


async def _remove(call: Call[Sender, None, None]) -> Answer:
    await call.app.certificates.offers.remove(call.caller, call.path["name"])
    return Answer(204)


save_certificate = Endpoint(
    name="save_certificate",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{name}}",
    summary="Set a certificate that citizens may ask for",
    description=(
        "The form has the questions to the citizen; `days` is the time in which you answer. "
        "Earlier requests keep title and values. A service offers up to 100 certificates."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"name": CertificateName},
    body=Body[NewOffer](NewOffer, name="NewOffer", example=EXAMPLE),
    handler=_save,
    answers={200: Offer},
    refusals=(TooManyCertificatesError,),
)

list_certificates = Endpoint(
    name="list_certificates",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the certificates that your service offers",
    description="All of them, by their names.",
    tag="sender",
    policy=WRITERS,
    handler=_list,
    answers={200: OfferList},
)

remove_certificate = Endpoint(
    name="remove_certificate",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{name}}",
    summary="Remove a certificate that your service offers",
    description="Open requests for it stay: answer them.",
    tag="sender",
    policy=WRITERS,
    parameters={"name": CertificateName},
    handler=_remove,
    answers={204: None},
    refusals=(CertificateNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (save_certificate, list_certificates, remove_certificate)
