"""A matrix of every endpoint that writes and every caller with less than the whole right to it.

A new endpoint that writes has no row here, and fails the first test until it has one.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from functions import ENDPOINTS
from infra.local.sandbox.seed import CITIZEN, SENDER_KEY, SERVICE_ID
from lib.composition.app import build_app
from lib.composition.stacks import embedded_ports
from lib.domain.services.service import ANY_PAYEE, Group
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema import INSTALLATIONS, MESSAGES, PROFILES
from lib.rendering.email.links import Purpose
from lib.repositories.devices.devices import DEVICES_ID
from lib.repositories.operations.dead_letters import DeadLetters, dead_letter_id
from tests.builders.messages import a_message
from tests.builders.payment_notices import NUMBER, a_notice, an_amendment
from tests.builders.payments import a_payment
from tests.builders.services import with_groups
from tests.builders.settings import settings_for
from tests.doubles.counting import Counting
from tests.stack import Reply, Stack

OTHER: Final = "RSSMRA80A01H501U"
PAYEE: Final = "09876543210"
"""Not the sender's own organisation."""
RPT_ID: Final = PAYEE + NUMBER
MAY: Final = 0
"""The caller is not restricted in what this endpoint does: it succeeds, for others as well."""
WRITES: Final = ("create", "upsert", "replace", "patch", "delete", "batch", "put")
POISONED: Final = '{"fiscal_code":"AAAAAA00A00A000A","message_id":"x","service_id":"y"}'

SENDERS: Final = (
    "no key",
    "unknown key",
    "no group",
    "another group",
    "another network",
    "other recipients",
    "no payee group",
    "other payees",
    "another service",
)
_ALL: Final = frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE}
_RESTRICTED: Final[Mapping[str, tuple[frozenset[Group], dict[str, Any]]]] = {
    "no group": (frozenset(), {}),
    "another group": (frozenset({Group.MESSAGE_READ}), {}),
    "another network": (_ALL, {"authorized_cidrs": ["203.0.113.0/24"]}),
    "other recipients": (
        _ALL | {Group.LIMITED_MESSAGE_WRITE},
        {"authorized_recipients": [OTHER]},
    ),
    "no payee group": (_ALL - {Group.MESSAGE_WRITE_WITH_PAYEE}, {}),
    "other payees": (_ALL, {"authorized_payees": ["11111111111"]}),
    "another service": (_ALL, {"service_id": "another-service"}),
}
"""But for the one restriction each of them may do everything."""
CITIZENS: Final = ("no token", "a sender's key", "another citizen")
LINKS: Final = ("another purpose", "another secret")


@dataclass(frozen=True)
class Row:
    """What to send, and the status for each caller; `MAY` where nothing is restricted."""

    cells: Mapping[str, int]
    body: Any = None
    path: Mapping[str, str] = field(default_factory=dict)


def _senders(default: int = MAY, **cells: int) -> dict[str, int]:
    """Return the cells of a sender's endpoint; who has no right at all is refused everywhere."""
    nothing = {"no key": 401, "unknown key": 401}
    nothing |= dict.fromkeys(("no group", "another group", "another network"), 403)
    given = {name.replace("_", " "): status for name, status in cells.items()}
    return {**dict.fromkeys(SENDERS, default), **nothing, **given}


def _citizens(another_citizen: int = MAY) -> dict[str, int]:
    return {"no token": 401, "a sender's key": 401, "another citizen": another_citizen}


_CONTENT = {"payment_data": a_payment(notice_number=NUMBER, payee={"fiscal_code": PAYEE})}
_SUBMISSION = a_message(content=_CONTENT)
_NO_PAYEE = {"other_recipients": 403, "no_payee_group": 403, "other_payees": 403}
_EVENT = {"event_id": "e", "occurred_at": "2026-11-23T08:00:00Z", "outcome": "PAID"}
_MESSAGE = {"id": "<the message>"}
_PROFILE = Row(_citizens(), {"version": 0, "is_email_enabled": False})
_CHOICE = Row(
    _citizens(),
    {
        "is_inbox_enabled": False,
        "is_email_enabled": False,
        "is_webhook_enabled": False,
        "settings_version": 0,
    },
    {"service_id": SERVICE_ID},
)
_DEVICE = {"installation_id": "the-device"}
_REGISTRATION = Row(_citizens(), {"platform": "fcmv1", "pushChannel": "another"}, _DEVICE)

ROWS: Final[Mapping[str, Row]] = {
    "submit_message": Row(_senders(**_NO_PAYEE), _SUBMISSION),
    "submit_message_to": Row(
        _senders(**_NO_PAYEE),
        {name: value for name, value in _SUBMISSION.items() if name != "fiscal_code"},
        {"fiscal_code": CITIZEN},
    ),
    "find_recipient": Row(_senders(other_recipients=403), {"fiscal_code": CITIZEN}),
    "change_reminder_policy": Row(_senders(), {"days": [2]}),
    "submit_payment_notice": Row(
        _senders(**_NO_PAYEE, another_service=409), a_notice(payee=PAYEE, amount_cents=1)
    ),
    "amend_payment_notice": Row(
        _senders(**_NO_PAYEE, another_service=404), an_amendment(amount_cents=1), {"rpt_id": RPT_ID}
    ),
    "cancel_payment_notice": Row(
        _senders(**_NO_PAYEE, another_service=404), None, {"rpt_id": RPT_ID}
    ),
    "reopen_payment_notice": Row(
        _senders(**_NO_PAYEE, another_service=404), None, {"rpt_id": RPT_ID}
    ),
    "update_payment": Row(_senders(other_payees=403), _EVENT, {"rpt_id": RPT_ID}),
    "update_payments": Row(
        _senders(other_payees=403),
        {
            "updates": [
                {**_EVENT, "rpt_id": f"01234567890{NUMBER}"},
                {**_EVENT, "rpt_id": RPT_ID},
            ]
        },
    ),
    # operators are the installation's own, of no service
    "replay_dead_letter": Row(
        _senders(),
        None,
        {"queue": MESSAGE_SUBMITTED, "id": dead_letter_id(MESSAGE_SUBMITTED, POISONED)},
    ),
    "change_message_status": Row(
        _citizens(404), {"change_type": "archiving", "is_archived": True}, _MESSAGE
    ),
    "change_reminders": Row(_citizens(404), {"change_type": "done"}, _MESSAGE),
    "update_profile": _PROFILE,
    "update_profile_v1": _PROFILE,
    "change_service_preference": _CHOICE,
    "change_service_preference_v1": _CHOICE,
    "request_email_validation": Row(_citizens(400)),
    "request_email_validation_v1": Row(_citizens(400)),
    "register_installation": _REGISTRATION,
    "register_installation_v1": _REGISTRATION,
    "remove_installation": Row(_citizens(), None, _DEVICE),
    "remove_installation_v1": Row(_citizens(), None, _DEVICE),
    "do_unsubscribe": Row({"another purpose": 404, "another secret": 404}),
    "do_validate_email": Row({"another purpose": 404, "another secret": 404}),
}
_CALLERS: Final = {"SenderKey": SENDERS, "CitizenToken": CITIZENS, None: LINKS}
WRITING: Final = {one.name: one for one in ENDPOINTS if one.method not in {"GET", "HEAD"}}


class World(Stack):
    """A stack that counts what is written from `reset` on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.calls = Counter[str]()
        ports = embedded_ports(settings_for(folder), self.clock)
        self.app = build_app(
            settings_for(folder),
            clock=self.clock,
            push=self.push,
            mailer=self.mailer,
            store=Counting(ports.store, self.calls),
            queue=Counting(ports.queue, self.calls),
        )
        self.message_id = ""

    async def prepare(self) -> None:
        """Have a citizen with a message of a payment notice, settings and a device."""
        reply = await self.call("submit_payment_notice", a_notice(payee=PAYEE))
        assert reply.status == 201
        self.message_id = reply.body["message_id"]
        path = {"installation_id": "the-device"}
        body = {"platform": "fcmv1", "pushChannel": "its-channel"}
        await self.call("register_installation", body, path=path, citizen=CITIZEN)
        await self.drain()
        await DeadLetters(self.store).keep(MESSAGE_SUBMITTED, POISONED, "a test", "2026-11-23")

    async def state(self) -> list[Any]:
        """Return what is the citizen's."""
        return [
            (await self.store.read(MESSAGES, CITIZEN, self.message_id)).document,
            (await self.store.read(PROFILES, CITIZEN, "profile")).document,
            (await self.store.read(INSTALLATIONS, CITIZEN, DEVICES_ID)).document,
            await self.app.profiles.read_service_preference._recipients.preference(
                CITIZEN, SERVICE_ID
            ),
        ]

    async def ask(self, name: str, caller: str) -> Reply:
        """Call the endpoint as this caller."""
        row = ROWS[name]
        path = {key: self.message_id if value == _MESSAGE["id"] else value
                for key, value in row.path.items()}  # fmt: skip
        if caller in LINKS:
            path = {"token": self._link(name, caller)}
        who = await self._caller(caller)
        self.calls.clear()
        return await self.call(name, row.body, path=path, **who)

    def _link(self, name: str, caller: str) -> str:
        links = self.app.profiles.unsubscribe_email._links
        assert links is not None
        purpose: Purpose = "unsubscribe" if name == "do_validate_email" else "validate"
        token = links.make(purpose, CITIZEN, "a@example.org", self.clock.now()).rpartition("/")[2]
        return token if caller == "another purpose" else token[:-4] + "AAAA"

    async def _caller(self, caller: str) -> dict[str, Any]:
        """Return the caller's key or citizen."""
        if caller in LINKS or caller in {"no key", "no token"}:
            return {"key": None}
        if caller == "unknown key":
            return {"key": "unknown"}
        if caller == "another citizen":
            return {"citizen": OTHER}
        if caller == "a sender's key":
            return {"key": SENDER_KEY}
        groups, service = _RESTRICTED[caller]
        return {"key": await with_groups(self, *groups, **{"service_id": SERVICE_ID, **service})}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Give a world in which there is something to change."""
    world = World(tmp_path)
    await world.start()
    await world.prepare()
    yield world
    await world.app.close()


def test_each_endpoint_that_writes_has_a_row_with_each_caller() -> None:
    """Whoever adds an endpoint says what restricted callers get."""
    assert ROWS.keys() == WRITING.keys()
    for name, row in ROWS.items():
        assert set(row.cells) == set(_CALLERS[WRITING[name].policy.scheme]), name


@pytest.mark.parametrize(
    ("name", "caller"), [(name, caller) for name, row in ROWS.items() for caller in row.cells]
)
async def test_who_has_not_the_whole_right_changes_nothing(
    world: World, name: str, caller: str
) -> None:
    """Refused with the cell's status, and nothing is written; or allowed, to the caller alone."""
    before, expected = await world.state(), ROWS[name].cells[caller]

    reply = await world.ask(name, caller)

    if expected == MAY:
        assert reply.status < 300, reply
    else:
        assert reply.status == expected, reply
    if caller in CITIZENS:
        assert await world.state() == before
    elif expected != MAY:
        assert not [one for one in WRITES if world.calls[one]]


@pytest.mark.parametrize("name", ["submit_message", "submit_payment_notice"])
async def test_every_payee_is_for_payment_updates_alone(stack: Stack, name: str) -> None:
    """The wildcard of pagoPA's side lets nobody ask for payments to whomever they like."""
    key = await with_groups(stack, *Group, authorized_payees=[ANY_PAYEE],
                            authorized_recipients=[CITIZEN])  # fmt: skip

    asked = await stack.call(name, _SUBMISSION if name == "submit_message" else
                             a_notice(payee=PAYEE), key=key)  # fmt: skip
    told = await stack.call("update_payment", _EVENT, path={"rpt_id": RPT_ID}, key=key)

    assert (asked.status, told.status) == (403, 200)
    assert PAYEE in asked.body["detail"]


async def test_a_service_tells_of_its_own_organisation_s_payments(stack: Stack) -> None:
    """With the group, and without a list."""
    key = await with_groups(stack, Group.PAYMENT_UPDATE, authorized_payees=[])

    own = await stack.call(
        "update_payment", _EVENT, path={"rpt_id": f"01234567890{NUMBER}"}, key=key
    )
    foreign = await stack.call("update_payment", _EVENT, path={"rpt_id": RPT_ID}, key=key)

    assert (own.status, foreign.status) == (200, 403)
    assert PAYEE in foreign.body["detail"]
