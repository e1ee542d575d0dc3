"""Helpers of the tests of certificates that citizens ask for."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY, SERVICE_ID
from tests.functions.attachments.file_calls import ready
from tests.stack import Reply, Stack

NAME: Final = "residenza"
OFFER: Final = {
    "title": "Certificato di residenza",
    "description": "In carta libera, per gli usi consentiti dalla legge.",
    "fields": [
        {"name": "motivo", "label": "Per quale uso?"},
        {"name": "note", "label": "Altro", "is_required": False, "max_length": 20},
    ],
    "days": 10,
}
VALUES: Final = {"motivo": "Iscrizione a un concorso"}
TEXT: Final = "In allegato trovi il certificato di residenza che hai chiesto al nostro ufficio."
REFUSAL: Final = {
    "outcome": "REFUSED",
    "subject": "Richiesta non accolta",
    "markdown": TEXT + " Non risulti tra i residenti.",
    "reason": "Non risulti tra i residenti.",
}


async def save(stack: Stack, name: str = NAME, **changes: Any) -> Reply:
    """Offer a certificate."""
    return await stack.call("save_certificate", {**OFFER, **changes}, path={"name": name})


async def ask(stack: Stack, citizen: str = CITIZEN, **changes: Any) -> Reply:
    """Ask for a certificate, as a citizen."""
    body = {"service_id": SERVICE_ID, "certificate": NAME, "values": VALUES, **changes}
    return await stack.call("request_certificate", body, citizen=citizen)


async def asked(stack: Stack, citizen: str = CITIZEN) -> str:
    """Offer a certificate, and let a citizen ask for it; return the id of the request."""
    await save(stack)
    reply = await ask(stack, citizen)
    assert reply.status == 201, reply
    return str(reply.body["id"])


async def answer(stack: Stack, id_: str, body: dict[str, Any], *, key: str = SENDER_KEY) -> Reply:
    """Answer a request."""
    return await stack.call("answer_certificate_request", body, path={"id": id_}, key=key)


async def fulfilment(stack: Stack) -> dict[str, Any]:
    """Return an answer with a file that is ready."""
    return {
        "outcome": "FULFILLED",
        "subject": "Il tuo certificato",
        "markdown": TEXT,
        "attachments": [await ready(stack)],
    }


async def received(stack: Stack, id_: str) -> dict[str, Any]:
    """Return a request as its service reads it."""
    reply = await stack.call("read_certificate_request", path={"id": id_})
    assert reply.status == 200, reply
    return dict(reply.body)


async def own(stack: Stack, citizen: str = CITIZEN) -> list[dict[str, Any]]:
    """Return the requests as their citizen reads them."""
    reply = await stack.call("list_own_certificate_requests", citizen=citizen)
    return list(reply.body["items"])


async def withdraw(stack: Stack, id_: str, citizen: str = CITIZEN) -> Reply:
    """Withdraw a request."""
    return await stack.call("withdraw_certificate_request", path={"id": id_}, citizen=citizen)
