"""Documents in the store of a stack, for expectations that no answer of the API shows.

The tests of features ask here, or a repository: no other module of theirs knows a stored field.
"""

import json
from collections.abc import Iterable

from infra.local.sandbox.seed import CITIZEN
from lib.domain.messages.message import Message
from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import Payment
from lib.domain.profiles.settings import ProfileSettings
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Container, Document, Query
from lib.ports.errors import NotFoundError
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.schema.messages import INBOX_WORDS, MESSAGES
from lib.ports.schema.notifications import DAILY_LIMITS, NOTIFICATIONS, SCHEDULE
from lib.ports.schema.senders import SERVICES
from lib.repositories.messages.message_mapping import message_of
from lib.repositories.messages.messages import Messages
from lib.repositories.payment_notices.notices import LaterInstalment, Notices
from lib.repositories.payments.payments import Payments
from lib.repositories.profiles.profiles import Profiles
from tests.builders import payment_notices, payments
from tests.stack import Stack


async def stored_message(stack: Stack, id_: str, citizen: str = CITIZEN) -> Message:
    """Return the message; raise MessageNotFoundError."""
    return await Messages(stack.store).get(citizen, MessageId(id_))


async def stored_messages(stack: Stack, citizen: str = CITIZEN) -> list[Message]:
    """Return the citizen's messages in any status, a hundred at most."""
    page = await stack.store.query(MESSAGES, Query(citizen, limit=100))
    return [message_of(one) for one in page.items]


async def stored_markdown(stack: Stack, id_: str, citizen: str = CITIZEN) -> str:
    """Return the text of the message, as its sender or a payment notice wrote it."""
    content = (await stored_message(stack, id_, citizen)).content
    assert content is not None
    return str(content.fields["markdown"])


async def indexed(stack: Stack, word: str) -> list[str]:
    """Return the ids of the messages under a word of the citizen's index."""
    page = await stack.store.query(INBOX_WORDS, Query(CITIZEN, 1000, words=(word,)))
    return [one["id"] for one in page.items]


async def index_size(stack: Stack) -> int:
    """Return the number of the documents of the citizen's index, a thousand at most."""
    return len((await stack.store.query(INBOX_WORDS, Query(CITIZEN, 1000))).items)


async def rejection_reason(stack: Stack, id_: str, citizen: str) -> str:
    """Return why the message was rejected."""
    document = await _read(stack, MESSAGES, citizen, id_)
    assert document is not None
    return str(document["rejection_reason"])


async def next_reminder(stack: Stack, id_: str, citizen: str = CITIZEN) -> ReminderDue:
    """Return the queue item of the message's next reminder."""
    step = (await stored_message(stack, id_, citizen)).reminders.next
    assert step is not None
    return ReminderDue(fiscal_code=citizen, message_id=MessageId(id_), due_at=timestamp(step.at))


async def stored_profile(stack: Stack, citizen: str = CITIZEN) -> ProfileSettings:
    """Return the citizen's settings."""
    stored = await Profiles(stack.store).settings(citizen)
    assert stored is not None
    return stored.settings


async def is_payment_known(stack: Stack, rpt_id: str = payments.RPT_ID) -> bool:
    """Tell whether anything is stored of the payment."""
    return await Payments(stack.store).get(RptId(rpt_id)) is not None


async def stored_payment(stack: Stack, rpt_id: str = payments.RPT_ID) -> Payment:
    """Return the payment."""
    payment = await Payments(stack.store).get(RptId(rpt_id))
    assert payment is not None
    return payment


async def is_number_taken(stack: Stack, rpt_id: str = payment_notices.RPT_ID) -> bool:
    """Tell whether a payment notice, or an instalment of one, has the notice number."""
    return await Notices(stack.store).get(RptId(rpt_id)) is not None


async def stored_notice(stack: Stack, rpt_id: str = payment_notices.RPT_ID) -> Notice:
    """Return the payment notice."""
    stored = await Notices(stack.store).get(RptId(rpt_id))
    assert stored is not None
    assert isinstance(stored.what, Notice)
    return stored.what


async def stored_instalment(stack: Stack, rpt_id: str) -> LaterInstalment:
    """Return the claim of a later instalment on its notice number."""
    stored = await Notices(stack.store).get(RptId(rpt_id))
    assert stored is not None
    assert isinstance(stored.what, LaterInstalment)
    return stored.what


async def delivery_status(
    stack: Stack, message_id: str, claim: str = "MESSAGE-PUSH", citizen: str = CITIZEN
) -> str | None:
    """Return the status of a notification of the message, None where nothing has claimed it."""
    document = await _read(stack, NOTIFICATIONS, citizen, f"{message_id}-{claim}")
    return None if document is None else str(document["status"])


async def stored_daily_limit(stack: Stack, citizen: str = CITIZEN) -> Document:
    """Return the document of what the citizen's daily limit held back."""
    document = await _read(stack, DAILY_LIMITS, citizen, "budget")
    assert document is not None
    return document


async def time_to_live(stack: Stack, container: Container, partition: str, id_: str) -> int | None:
    """Return after how many seconds the document expires, None where it never does."""
    document = await _read(stack, container, partition, id_)
    assert document is not None
    return document.get("ttl")


async def stored_text(
    stack: Stack, container: Container, partition: str, id_: str, *, without: str = ""
) -> str:
    """Return the whole document as text, to look for what must not be there.

    `without`: a field to leave out.
    """
    document = await _read(stack, container, partition, id_)
    assert document is not None
    return json.dumps({name: value for name, value in document.items() if name != without})


async def stored_entries(stack: Stack, slots: Iterable[str]) -> list[Document]:
    """Return the documents of the schedule's entries in these slots."""
    return [
        entry
        for slot in slots
        for entry in (await stack.store.query(SCHEDULE, Query(slot, limit=10))).items
    ]


async def _read(stack: Stack, container: Container, partition: str, id_: str) -> Document | None:
    try:
        return (await stack.store.read(container, partition, id_)).document
    except NotFoundError:
        return None


async def registry_entry(stack: Stack, service_id: str) -> Document:
    """Return the entry of a service in the registry."""
    return (await stack.store.read(SERVICES, service_id, service_id)).document
