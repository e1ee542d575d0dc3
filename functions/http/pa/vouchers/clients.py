"""The clients of PDND that act for a service by voucher: list, link and remove them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.identity.errors import (
    ClientKeyError,
    ClientNotFoundError,
    ClientTakenError,
    ClientVoucherError,
    TooManyClientsError,
    VouchersOffError,
)
from lib.domain.identity.vouchers.client_link import MOST_KEYS, ClientLink, LinkAction
from lib.domain.identity.vouchers.parts import MAX_JWT_LENGTH
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import (
    PurposeId,
    PurposeIdField,
    ServiceId,
    VoucherClientId,
    VoucherClientIdField,
)
from lib.domain.shared.model import Model

PATH = f"{ONE}/voucher-clients"
CLIENT = f"{PATH}/{{client_id}}/purposes/{{purpose_id}}"
_OF_CLIENT = {
    **PARAMETERS,
    "client_id": VoucherClientIdField,
    "purpose_id": PurposeIdField,
}
_EXAMPLE_KEY = {
    "kty": "EC",
    "kid": "comune-2026",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}

Number = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,700}$")]


class ClientKey(Model):
    """A public key of a client (JWK, RFC 7517): RSA of 2048 to 4096 bits, or of an EC curve."""

    kty: Annotated[Literal["RSA", "EC"], says("The kind of the key.")]
    kid: Annotated[
        str,
        StringConstraints(pattern="^[!-~]{1,128}$"),
        says("The id of the key, as the header of what the client signs has it."),
    ]
    n: Annotated[Number | None, says("The modulus of an RSA key.")] = None
    e: Annotated[Number | None, says("The exponent of an RSA key.")] = None
    crv: Annotated[Literal["P-256", "P-384", "P-521"] | None, says("The curve of an EC key.")] = (
        None
    )
    x: Annotated[Number | None, says("The first coordinate of an EC key.")] = None
    y: Annotated[Number | None, says("The second coordinate of an EC key.")] = None


class VoucherClientLink(Model):
    """A client to link to the service."""

    voucher: Annotated[
        str,
        StringConstraints(pattern=rf"^[A-Za-z0-9._-]{{1,{MAX_JWT_LENGTH}}}$"),
        says(
            "A present voucher of the client for the purpose. It proves that the client is yours, "
            "and is not stored."
        ),
    ]
    keys: Annotated[
        tuple[ClientKey, ...],
        Field(max_length=MOST_KEYS),
        says(
            "The public keys of the client, for `Agid-JWT-Signature` and "
            "`Agid-JWT-TrackingEvidence`. Absent: the client signs nothing itself."
        ),
    ] = ()


class ClientChange(Model):
    """A change of a client's link."""

    action: Annotated[LinkAction, says("LINKED: it may act since, or has new keys.")]
    at: Annotated[str, says("When it was changed: date and time in UTC.")]
    by: Annotated[str, says("The subscription of the manage key that changed it.")]


class VoucherClient(Model):
    """A client that acts for the service, or did."""

    client_id: VoucherClientIdField
    purpose_id: PurposeIdField
    status: Annotated[
        LinkAction, says("LINKED: it acts for the service. REMOVED: no longer, after a minute.")
    ]
    key_ids: Annotated[list[str], says("The ids of its public keys.")]
    changes: Annotated[
        list[ClientChange], says("The last 50 changes for this service, the oldest first.")
    ]


class VoucherClients(Model):
    """The clients of a service."""

    items: Annotated[list[VoucherClient], says("The clients, former ones included; at most 100.")]


def _view(link: ClientLink, service_id: ServiceId) -> VoucherClient:
    is_linked = link.is_linked and link.service_id == service_id
    return VoucherClient(
        client_id=link.client_id,
        purpose_id=link.purpose_id,
        status="LINKED" if is_linked else "REMOVED",
        key_ids=[str(key["kid"]) for key in link.keys] if is_linked else [],
        changes=[
            ClientChange(action=one.action, at=one.at, by=one.by)
            for one in link.changes
            if one.service_id == service_id
        ],
    )


async def _list(call: Call[Manager, None, None]) -> Answer:
    service_id = named(call)
    links = await call.app.services.clients.list(call.caller, service_id)
    return Answer(200, VoucherClients(items=[_view(one, service_id) for one in links]))


async def _link(call: Call[Manager, VoucherClientLink, None]) -> Answer:
    service_id = named(call)
    link = await call.app.services.clients.link(
        call.caller,
        service_id,
        VoucherClientId(call.path["client_id"]),
        PurposeId(call.path["purpose_id"]),
        call.body.voucher,
        tuple(key.model_dump(exclude_none=True) for key in call.body.keys),
    )
    return Answer(200, _view(link, service_id))


async def _remove(call: Call[Manager, None, None]) -> Answer:
    await call.app.services.clients.remove(
        call.caller,
        named(call),
        VoucherClientId(call.path["client_id"]),
        PurposeId(call.path["purpose_id"]),
    )
    return Answer(204)


list_voucher_clients = Endpoint(
    name="list_voucher_clients",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the clients of PDND that act for a service",
    description="The list has former clients too, and who linked and removed them.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_list,
    answers={200: VoucherClients},
    refusals=NOT_FOUND,
)

link_voucher_client = Endpoint(
    name="link_voucher_client",
    is_ours=True,
    method="PUT",
    path=CLIENT,
    summary="Set a client of PDND that acts for a service",
    description=(
        "From now on a voucher of the client for this purpose has the rights of the service's own "
        "key, and counts for the same limit. Send it again to replace the client's keys."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=_OF_CLIENT,
    body=Body[VoucherClientLink](
        VoucherClientLink,
        name="VoucherClientLink",
        example={"voucher": "eyJ0eXAiOiJhdCtqd3QifQ.e30.c2lnbmVk", "keys": [_EXAMPLE_KEY]},
    ),
    handler=_link,
    answers={200: VoucherClient},
    refusals=(
        *NOT_FOUND,
        VouchersOffError,
        ClientVoucherError,
        ClientKeyError,
        ClientTakenError,
        TooManyClientsError,
    ),
)

remove_voucher_client = Endpoint(
    name="remove_voucher_client",
    is_ours=True,
    method="DELETE",
    path=CLIENT,
    summary="Remove a client of PDND from a service",
    description="Its vouchers are refused within a minute.",
    tag="sender",
    policy=MANAGERS,
    parameters=_OF_CLIENT,
    handler=_remove,
    answers={204: None},
    refusals=(*NOT_FOUND, ClientNotFoundError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_voucher_clients,
    link_voucher_client,
    remove_voucher_client,
)
