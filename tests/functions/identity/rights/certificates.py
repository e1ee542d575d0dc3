"""The part of the world that is about certificates: a service offers one, its citizen asks."""

from typing import Any, Final

from infra.local.sandbox.seed import SERVICE_ID
from tests.functions.certificates.certificate_calls import NAME, OFFER
from tests.functions.identity.rights import callers
from tests.stack import Reply

SECRET: Final = "Uso segreto del certificato"


async def keep_certificates(world: Any) -> None:
    """Offer a certificate, and ask for it."""
    saved: Reply = await world.ask(callers.SERVICE, "save_certificate", OFFER, path={"name": NAME})
    assert saved.status == 200, saved
    body = {"service_id": SERVICE_ID, "certificate": NAME, "values": {"motivo": SECRET}}
    asked: Reply = await world.ask(callers.CITIZEN_TOKEN, "request_certificate", body)
    assert asked.status == 201, asked
    things = {"request": asked.body["id"], "use": SECRET}
    world.things[callers.OF_SERVICE] |= things
    world.secrets[callers.OF_SERVICE] |= set(things.values())
