"""What the store of a stack holds, for expectations that no answer of the API shows."""

from infra.local.sandbox.seed import CITIZEN
from lib.ports.documents import Document
from lib.ports.errors import NotFoundError
from lib.ports.schema import DELIVERIES, MESSAGES, PAYMENTS, PROFILES
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.builders import payment_notices, payments
from tests.stack import Stack


async def stored_message(stack: Stack, id_: str, citizen: str = CITIZEN) -> Document:
    """Return the message's document."""
    return (await stack.store.read(MESSAGES, citizen, id_)).document


async def stored_profile(stack: Stack, citizen: str = CITIZEN) -> Document:
    """Return the document of the citizen's profile."""
    return (await stack.store.read(PROFILES, citizen, PROFILE_ID)).document


async def stored_payment(stack: Stack, rpt_id: str = payments.RPT_ID) -> Document:
    """Return the payment's document, {} where there is none."""
    return await _payment(stack, rpt_id, "payment")


async def stored_notice(stack: Stack, rpt_id: str = payment_notices.RPT_ID) -> Document:
    """Return the payment notice's document, {} where there is none."""
    return await _payment(stack, rpt_id, "notice")


async def delivery_status(stack: Stack, message_id: str, claim: str = "MESSAGE-PUSH") -> str | None:
    """Return the status of a notification of the message, None where nothing has claimed it."""
    try:
        return str((await stack.store.read(DELIVERIES, message_id, claim)).document["status"])
    except NotFoundError:
        return None


async def _payment(stack: Stack, rpt_id: str, id_: str) -> Document:
    try:
        return (await stack.store.read(PAYMENTS, rpt_id, id_)).document
    except NotFoundError:
        return {}
