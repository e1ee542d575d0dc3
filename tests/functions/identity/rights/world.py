"""A world of several senders, organisations and citizens, each with things of its own."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from infra.local.sandbox.seed import (
    CITIZEN,
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.operations.dead_letters import DeadLetters, dead_letter_id
from tests.builders.messages import a_message
from tests.builders.organizations import with_organization
from tests.builders.payment_notices import a_notice, number
from tests.builders.payments import PAYEE, payable
from tests.builders.profiles import OTHER_CITIZEN, with_profile
from tests.builders.services import with_groups, with_manage_key, with_service
from tests.builders.settings import settings_for
from tests.doubles.representatives import Registers
from tests.doubles.translator import Engine
from tests.functions.identity.rights import callers, delegates, vouchers
from tests.functions.identity.rights.batches import OF_BATCHES, keep_batches
from tests.functions.identity.rights.certificates import keep_certificates
from tests.functions.identity.rights.files import OF_FILES, keep_files
from tests.functions.identity.rights.managed import keep_managed, right_hosts
from tests.functions.identity.rights.snapshot import Snapshot, Snapshots
from tests.functions.organizations.sides import Sides
from tests.stack import Reply, Stack

STRANGER_ORGANIZATION: Final = "99999999990"
TRIAL_ORGANIZATION: Final = "80016350821"
INTERMEDIARY: Final = "12345678903"
OTHER_INTERMEDIARY: Final = "00000000042"
REVOKED: Final = "00000000018"
POISONED: Final = '{"fiscal_code":"AAAAAA00A00A000A","message_id":"x","service_id":"y"}'
EMAIL: Final = "la.cittadina@example.org"
DEVICE: Final = "the-citizens-device"
PAID_AT: Final = "2026-11-23T08:00:00Z"
CONDITION: Final = "https://condizione.example.org/the-service"
SENT: Final = (callers.OF_SERVICE, callers.OF_INTERMEDIARY)
"""The owners of what was sent."""
MESSAGES: Final = (
    *("message", "asking", "held", "scheduled", "paid", "notice_message", "batch_message"),
    "message_with_file",
)
"""The things that are messages."""
_PLAIN: Final[dict[str, Any]] = {
    "authorized_recipients": [],
    "duplicate_policy": "ACCEPT",
    "reminder_policy": {},
}
_ALL: Final = frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE, Group.OPERATIONS}
_CITIZENS: Final = {
    callers.CITIZEN_TOKEN: CITIZEN,
    callers.OTHER_CITIZEN_TOKEN: OTHER_CITIZEN,
    **delegates.PERSONS,
}

type Things = dict[str, dict[str, str]]


class World(Stack):
    """A stack on a copy of the prepared folder.

    `things`: the names of things by owner. `secrets`: by owner, the texts that no other caller may
    read. `credentials`: the key of each caller that has one.
    """

    def __init__(self, folder: Path) -> None:
        settings = settings_for(folder, sender_cache_seconds=0)
        self.registers = Registers()
        outside = {"translator": Engine(), "representatives": self.registers}
        super().__init__(folder, settings, remote_content=right_hosts(), **outside)
        self.folder = folder
        self.snapshots = Snapshots(folder)
        self.things: Things = {}
        self.secrets: dict[str, set[str]] = {}
        self.credentials: dict[str, str] = {}

    def copied(self, folder: Path) -> "World":
        """Return the same world in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        copy = World(folder)
        copy.clock.moment = self.clock.moment
        copy.things, copy.secrets, copy.credentials = self.things, self.secrets, self.credentials
        return copy

    def snapshot(self) -> Snapshot:
        """Return all that is stored."""
        return self.snapshots.take()

    async def ask(self, caller: str, name: str, body: Any = None, **call: Any) -> Reply:
        """Call an endpoint as this caller."""
        if caller in _CITIZENS:
            call = delegates.acting(call) if caller in callers.DELEGATES else call
            return await self.call(name, body, citizen=_CITIZENS[caller], **call)
        if caller in vouchers.PURPOSES:
            return await vouchers.by_voucher(self, caller, name, body, **call)
        return await self.call(name, body, key=self.credentials.get(caller), **call)

    async def prepare(self) -> "World":
        """Give each caller its credential and each owner its things."""
        await self.start()
        await self._senders()
        await self._managers()
        for serial, (owner, caller) in enumerate(
            zip(SENT, (callers.SERVICE, callers.INTERMEDIARY), strict=True)
        ):
            await self._sent(owner, caller, serial)
        await vouchers.keep_evidence(self, SENT)
        await keep_certificates(self)
        await keep_managed(self)
        await self._citizen()
        await DeadLetters(self.store).keep(MESSAGE_SUBMITTED, POISONED, "a test", "2026-11-23")
        owner, letter = callers.OF_OPERATORS, dead_letter_id(MESSAGE_SUBMITTED, POISONED)
        self.things[owner], self.secrets[owner] = {"letter": letter}, {letter}
        await self.drain()
        self.clock.advance(timedelta(seconds=30))
        return self

    async def _senders(self) -> None:
        own: dict[str, Any] = {
            "authorized_recipients": [OTHER_CITIZEN],
            "duplicate_policy": "HOLD",
            "reminder_policy": {"days": [9], "condition_url": CONDITION},
        }
        await with_service(self, **own)
        limited = _ALL | {Group.LIMITED_MESSAGE_WRITE}
        for caller, id_, organization, groups, changes in (
            (callers.LIMITED, SERVICE_ID, ORGANIZATION, limited, own),
            (callers.SIBLING, "sibling-service", ORGANIZATION, _ALL, _PLAIN),
            (callers.STRANGER, "strangers-service", STRANGER_ORGANIZATION, _ALL, _PLAIN),
            (callers.TRIAL, "service-on-trial", TRIAL_ORGANIZATION, _ALL, _PLAIN),
        ):
            self.credentials[caller] = await with_groups(
                self,
                *groups,
                service_id=id_,
                key=f"sandbox-key-of-{caller}",
                organization_fiscal_code=organization,
                **changes,
            )
        change = self.app.repositories.subscriptions.change
        await change(SERVICE_ID, lambda own: replace(own, groups=_ALL))
        self.credentials |= {callers.SERVICE: SENDER_KEY, callers.OPERATOR: OPERATOR_KEY}

    async def _managers(self) -> None:
        approved, trial = OrganizationState.APPROVED, OrganizationState.TRIAL
        await with_organization(self, approved, ORGANIZATION, user_id=f"user-of-{MANAGE_KEY}")
        managed = f"MANAGE-of-sandbox-key-of-{callers.STRANGER_MANAGER}"
        await with_organization(
            self, approved, STRANGER_ORGANIZATION, manage_subscription_id=managed
        )
        await with_organization(self, trial, TRIAL_ORGANIZATION)
        self.credentials[callers.MANAGER] = await with_manage_key(
            self, key="sandbox-own-manage-key", user_id=f"user-of-{MANAGE_KEY}"
        )
        for caller, organization in (
            (callers.STRANGER_MANAGER, STRANGER_ORGANIZATION),
            (callers.TRIAL_MANAGER, TRIAL_ORGANIZATION),
        ):
            self.credentials[caller] = await with_manage_key(
                self, organization=organization, key=f"sandbox-key-of-{caller}"
            )
        for fiscal_code, manager, sender in (
            (INTERMEDIARY, callers.INTERMEDIARY_MANAGER, callers.INTERMEDIARY),
            (OTHER_INTERMEDIARY, callers.OTHER_INTERMEDIARY_MANAGER, callers.OTHER_INTERMEDIARY),
            (REVOKED, "", callers.REVOKED),
        ):
            sides = await Sides(self, fiscal_code).start()
            await sides.give(call_limit=1000)
            self.credentials[sender] = await sides.sending_key()
            if manager:
                self.credentials[manager] = sides.key
            else:
                await sides.organization("revoke_given_delegation")

    async def _sent(self, owner: str, caller: str, serial: int) -> None:
        """Send one thing of each kind."""
        subject, reference = f"Oggetto segreto di {owner}", f"reference-of-{serial}"

        async def send(content: Any = None, at: str | None = None, **headers: str) -> str:
            told = {"subject": subject, **(content or {})}
            body = a_message(content=told, reference=reference, send_at=at)
            reply = await self.ask(caller, "submit_message", body, headers=headers)
            assert reply.status == 201, reply
            await self.drain()
            return str(reply.body["id"])

        things = {"subject": subject, "reference": reference, "key": f"key-{serial}"}
        things["message"] = await send(**{"idempotency-key": things["key"]})
        things["number"] = number(20 + serial)
        things["asking"] = await send(content=payable(notice_number=things["number"]))
        things["held"] = await send(content=payable(notice_number=things["number"]))
        things["scheduled"] = await send(at="2026-12-24T09:00:00Z")
        things["notice_number"] = number(30 + serial)
        things["rpt_id"] = PAYEE + things["notice_number"]
        notice = a_notice(
            notice_number=things["notice_number"],
            subject=subject,
            reference=f"{reference}-notice",
        )
        reply = await self.ask(caller, "submit_payment_notice", notice)
        assert reply.status == 201, reply
        things["notice_message"] = reply.body["message_id"]
        things["paid"] = await send(content=payable(notice_number=number(40 + serial)))
        event = {"event_id": f"e-{serial}", "occurred_at": PAID_AT, "outcome": "PAID"}
        paid = {"rpt_id": PAYEE + number(40 + serial)}
        reply = await self.ask(callers.SERVICE, "update_payment", event, path=paid)
        assert reply.status == 200, reply
        withdrawn = await send()
        recall = {"reason": f"Motivo di {owner}", "messages": [f"{CITIZEN}/{withdrawn}"]}
        reply = await self.ask(caller, "withdraw_messages", recall)
        assert reply.status == 202, reply
        things["recall"] = reply.body["id"]
        await self.drain()
        things |= await keep_batches(self, caller, serial, subject)
        things |= await keep_files(self, caller, subject)
        self.things[owner] = things
        ids = {withdrawn, *(things[name] for name in MESSAGES)}
        secrets = {subject, reference, f"Motivo di {owner}", things["rpt_id"], things["recall"]}
        secrets |= {things[name] for name in (*OF_BATCHES, *OF_FILES)}
        if owner == callers.OF_INTERMEDIARY:
            self.secrets[callers.LOG], self.things[callers.LOG] = ids, things
        else:
            secrets |= ids | {CONDITION}
        self.secrets[owner] = secrets

    async def _citizen(self) -> None:
        await with_profile(self, email=EMAIL, is_email_validated=False)
        device = {"platform": "fcmv1", "pushChannel": "the-citizens-channel"}
        path = {"installation_id": DEVICE}
        await self.ask(callers.CITIZEN_TOKEN, "register_installation", device, path=path)
        for choice in ("DOWNLOAD", "DELETE"):
            await self.ask(callers.CITIZEN_TOKEN, "request_user_data", {"choice": choice})
        kept = await delegates.keep_access(self, self.registers, SERVICE_ID, "strangers-service")
        self.things[callers.OF_CITIZEN], others = kept
        self.secrets[callers.OF_CITIZEN] = {EMAIL, DEVICE, "the-citizens-channel", *others}
