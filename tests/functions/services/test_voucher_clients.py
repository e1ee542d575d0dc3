"""A manager links clients of PDND to a service, and removes them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.identity.vouchers import client_link
from lib.domain.shared.identifiers import PurposeId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.schema.senders import VOUCHER_CLIENTS
from lib.use_cases.services.vouchers import manage_clients
from tests.builders.managed_services import Manager
from tests.builders.messages import a_message
from tests.builders.services import with_manage_key
from tests.builders.settings import settings_for
from tests.builders.vouchers import CLIENT_ID, OTHER_PURPOSE, PURPOSE_ID, VoucherSender
from tests.stack import Reply, Stack

PATH = {"client_id": CLIENT_ID, "purpose_id": OTHER_PURPOSE}


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    """Give the sandbox's organisation on a stack that remembers no link."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield Manager(stack)
    await stack.app.close()


@pytest.fixture
def sender(manager: Manager) -> VoucherSender:
    """Give the sandbox's client."""
    return VoucherSender(manager.stack)


async def link(
    manager: Manager, id_: str, voucher: str, *, path: dict[str, str] = PATH, **body: Any
) -> Reply:
    """Link the client with the other purpose to the service."""
    return await manager.call("link_voucher_client", id_, {"voucher": voucher, **body}, path=path)


async def statuses(manager: Manager, id_: str) -> dict[str, str]:
    """Return the clients of the service as they are listed: purposes and statuses."""
    reply = await manager.call("list_voucher_clients", id_)
    assert reply.status == 200
    return {one["purpose_id"]: one["status"] for one in reply.body["items"]}


async def test_a_client_acts_from_its_link_to_its_removal(
    manager: Manager, sender: VoucherSender
) -> None:
    """The list keeps the former client, with who changed it and when."""
    id_ = await manager.approved()
    headers = sender.headers(sender.voucher(purpose_id=OTHER_PURPOSE))
    linked = await link(manager, id_, sender.voucher(purpose_id=OTHER_PURPOSE))
    assert (linked.status, linked.body["status"]) == (200, "LINKED")

    assert (await sender.call("submit_message", a_message(), headers)).status == 201
    removed = await manager.call("remove_voucher_client", id_, path=PATH)
    assert (removed.status, removed.body) == (204, None)
    assert (await sender.call("submit_message", a_message(), headers)).status == 401

    (client,) = (await manager.call("list_voucher_clients", id_)).body["items"]
    assert (client["client_id"], client["status"]) == (CLIENT_ID, "REMOVED")
    assert [change["action"] for change in client["changes"]] == ["LINKED", "REMOVED"]
    assert {change["by"] for change in client["changes"]} == {"MANAGE-sandbox"}
    assert client["changes"][0]["at"] == timestamp(manager.stack.clock.now())


async def test_a_repeated_call_changes_nothing(manager: Manager, sender: VoucherSender) -> None:
    """The answer to a call may be lost: the same call again is answered alike."""
    id_ = await manager.create()
    replies = [await link(manager, id_, sender.voucher(purpose_id=OTHER_PURPOSE)) for _ in "12"]
    assert replies[0].body == replies[1].body
    for _ in "12":
        reply = await manager.call("remove_voucher_client", id_, path=PATH)
        assert reply.status == 204
    (client,) = (await manager.call("list_voucher_clients", id_)).body["items"]
    assert len(client["changes"]) == 2


async def test_a_link_needs_a_voucher_of_the_client(
    manager: Manager, sender: VoucherSender
) -> None:
    """The id of another body's client is no secret, so its id alone links nothing."""
    id_ = await manager.create()
    for voucher, reason in (
        ("a.b.c", "is malformed"),
        (sender.voucher(), "the voucher is of another client or purpose than the path"),
        (sender.voucher(purpose_id=OTHER_PURPOSE, iss="https://x.example"), "another issuer"),
        (sender.voucher(purpose_id=OTHER_PURPOSE, exp=0, iat=0, nbf=0), "has expired"),
    ):
        reply = await link(manager, id_, voucher)
        assert (reply.status, reason in reply.body["detail"]) == (400, True)
        assert reply.body["errors"][0]["pointer"] == "/voucher"
    assert await statuses(manager, id_) == {}


async def test_a_client_acts_for_one_service_with_a_purpose(
    manager: Manager, sender: VoucherSender
) -> None:
    """It is taken until it is removed there, or the other service is deleted."""
    first, second = await manager.create(), await manager.create()
    voucher = sender.voucher(purpose_id=OTHER_PURPOSE)
    assert (await link(manager, first, voucher)).status == 200
    assert (await link(manager, second, voucher)).status == 409
    assert (await manager.call("remove_voucher_client", second, path=PATH)).status == 404
    assert await statuses(manager, second) == {}

    await manager.call("remove_voucher_client", first, path=PATH)
    assert (await link(manager, second, voucher)).status == 200
    assert await statuses(manager, first) == {OTHER_PURPOSE: "REMOVED"}
    assert (await manager.call("delete_service", second)).status == 204
    assert (await link(manager, first, voucher)).status == 200
    assert await statuses(manager, first) == {OTHER_PURPOSE: "LINKED"}


async def test_a_deleted_service_sends_nothing_by_voucher(
    manager: Manager, sender: VoucherSender
) -> None:
    """Its subscription has no rights any more, as for its keys."""
    id_ = await manager.approved()
    headers = sender.headers(sender.voucher(purpose_id=OTHER_PURPOSE))
    await link(manager, id_, sender.voucher(purpose_id=OTHER_PURPOSE))
    assert (await sender.call("submit_message", a_message(), headers)).status == 201
    await manager.call("delete_service", id_)

    reply = await sender.call("submit_message", a_message(), headers)
    assert (reply.status, "may not send" in reply.body["detail"]) == (401, True)


async def test_only_the_owner_manages_the_clients(manager: Manager) -> None:
    """Another organisation's manage key neither lists, links nor removes."""
    key = await with_manage_key(manager.stack, organization="99999999990")
    other = Manager(manager.stack, key)
    body = {"voucher": "a.b.c"}
    for name, sent in (
        ("list_voucher_clients", None),
        ("link_voucher_client", body),
        ("remove_voucher_client", None),
    ):
        reply = await other.call(name, SERVICE_ID, sent, path=PATH)
        assert reply.status == 403, name
        reply = await manager.call(name, "nothing", sent, path=PATH)
        assert reply.status == 404, name


def _rsa(bits: int, key_id: str = "k") -> dict[str, Any]:
    shown = jwt.algorithms.RSAAlgorithm.to_jwk(
        rsa.generate_private_key(65537, bits).public_key(), as_dict=True
    )
    return {**{name: shown[name] for name in ("kty", "n", "e")}, "kid": key_id}


def _ec(curve: ec.EllipticCurve) -> dict[str, Any]:
    key = ec.generate_private_key(curve).public_key()
    shown = jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True)
    return {**{name: shown[name] for name in ("kty", "crv", "x", "y")}, "kid": "e"}


async def test_keys_are_checked(manager: Manager, sender: VoucherSender) -> None:
    """Public keys of a sufficient length, each with an id of its own."""
    id_ = await manager.create()
    voucher = sender.voucher(purpose_id=OTHER_PURPOSE)
    good = [_rsa(2048), _ec(ec.SECP256R1())]
    reply = await link(manager, id_, voucher, keys=good)
    assert (reply.status, reply.body["key_ids"]) == (200, ["k", "e"])
    assert (await link(manager, id_, voucher, keys=[_ec(ec.SECP384R1())])).body["key_ids"] == ["e"]
    for keys, pointer in (
        ([_rsa(1024)], "/keys/0"),
        ([good[0], _rsa(2048)], "/keys/1"),
        ([{"kty": "EC", "kid": "x", "crv": "P-256", "x": "AA", "y": "AA"}], "/keys/0"),
        ([{"kty": "RSA", "kid": "x"}], "/keys/0"),
        ([{**good[0], "d": "AA"}], "/keys/0/d"),
        ([good[0]] * 6, "/keys"),
        ([{"kty": "oct", "kid": "x"}], "/keys/0/kty"),
    ):
        reply = await link(manager, id_, voucher, keys=keys)
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, pointer)


async def test_a_path_has_uuids(manager: Manager, sender: VoucherSender) -> None:
    """Another form is refused, and names the part of the path."""
    for name in PATH:
        path = {**PATH, name: "X"}
        reply = await link(manager, SERVICE_ID, sender.voucher(), path=path)
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, f"#/path/{name}")


async def test_a_service_has_a_limit_of_clients(
    manager: Manager, sender: VoucherSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Former ones count, since the list shows them."""
    monkeypatch.setattr(manage_clients, "MOST_CLIENTS", 1)
    reply = await link(manager, SERVICE_ID, sender.voucher(purpose_id=OTHER_PURPOSE))

    assert (reply.status, reply.body["title"]) == (400, "Too many clients")


async def test_an_installation_may_take_no_vouchers(tmp_path: Path) -> None:
    """Without an issuer a voucher is a missing key, and no client can be linked."""
    stack = await Stack(tmp_path, settings_for(tmp_path, voucher_issuer="")).start()
    sender = VoucherSender(stack)
    refused = await sender.call("submit_message", a_message())
    assert refused.status == 401
    assert "missing subscription key" in refused.body["message"]
    reply = await link(Manager(stack), SERVICE_ID, sender.voucher(purpose_id=OTHER_PURPOSE))
    assert (reply.status, reply.body["title"]) == (409, "No vouchers")
    await stack.app.close()


async def test_a_link_that_died_half_way_is_completed(
    manager: Manager, sender: VoucherSender
) -> None:
    """The lead of the service is written first; alone it is not listed."""
    clients = manager.stack.app.repositories.voucher_clients
    at = timestamp(manager.stack.clock.now())

    def died(_: object) -> client_link.ClientLink:
        return client_link.linked(
            None, CLIENT_ID, PurposeId(OTHER_PURPOSE), ServiceId(SERVICE_ID), (), at, "MANAGE-x"
        )

    await clients.put(ServiceId(SERVICE_ID), CLIENT_ID, PurposeId(OTHER_PURPOSE), died)
    await manager.stack.store.delete(
        VOUCHER_CLIENTS,
        f"client-{CLIENT_ID}",
        OTHER_PURPOSE,
    )
    assert await statuses(manager, SERVICE_ID) == {PURPOSE_ID: "LINKED"}

    reply = await link(manager, SERVICE_ID, sender.voucher(purpose_id=OTHER_PURPOSE))
    assert reply.status == 200
    assert (await statuses(manager, SERVICE_ID))[OTHER_PURPOSE] == "LINKED"
