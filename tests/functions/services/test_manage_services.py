"""An organisation creates, reads, changes and deletes services with a manage key."""

import asyncio

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, ORGANIZATION, SENDER_KEY, SERVICE_ID
from lib.domain.services.subscription import SubscriptionKind
from lib.ports.errors import UnavailableError
from tests.builders.managed_services import Manager, a_service
from tests.builders.messages import a_message
from tests.builders.payments import payable
from tests.stack import Stack, refusal


@pytest.fixture
def manager(stack: Stack) -> Manager:
    """Give the sandbox's organisation."""
    return Manager(stack)


async def test_a_new_service_is_a_draft_with_defaults(manager: Manager) -> None:
    """The answer has IO's members; the sandbox recipient is added."""
    reply = await manager.call("create_service", body=a_service())

    assert reply.status == 201
    body = dict(reply.body)
    assert len(body.pop("id")) == 26
    assert body.pop("last_update").endswith("Z")
    metadata = dict(a_service()["metadata"])
    del metadata["topic_id"]
    assert body == {
        **a_service(),
        "status": {"value": "draft"},
        "require_secure_channel": False,
        "authorized_recipients": [CITIZEN],
        "authorized_cidrs": [],
        "max_allowed_payment_amount": 0,
        "metadata": {**metadata, "topic": {"id": 7, "name": "Educazione e formazione"}},
    }


async def test_the_same_key_makes_one_service(manager: Manager) -> None:
    """A second request gets the service as it is now; the key with other data is refused."""
    key = {"Idempotency-Key": "a-service"}
    first = await manager.call("create_service", body=a_service(), headers=key)
    changed = a_service(description="Un testo nuovo per il servizio.")
    await manager.call("change_service", first.body["id"], changed)

    second = await manager.call("create_service", body=a_service(), headers=key)
    other = await manager.call("create_service", body=a_service(name="Altro"), headers=key)

    assert first.status == second.status == 201
    assert "Idempotent-Replay" not in first.headers
    assert second.headers["Idempotent-Replay"] == "true"
    assert second.body["id"] == first.body["id"]
    assert second.body["description"] == changed["description"]
    assert other.status == 422
    assert len((await manager.call("list_services")).body["value"]) == 2


async def test_requests_at_once_with_a_key_make_one_service(manager: Manager) -> None:
    """Each is answered with the same service."""
    key = {"Idempotency-Key": "a-service"}

    answers = await asyncio.gather(
        *(manager.call("create_service", body=a_service(), headers=key) for _ in range(3))
    )

    assert {one.status for one in answers} == {201}
    assert len({one.body["id"] for one in answers}) == 1
    assert len((await manager.call("list_services")).body["value"]) == 2


async def test_a_request_that_failed_is_completed_by_its_repetition(
    manager: Manager, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is claimed and the service is not stored: the next request stores it."""
    key = {"Idempotency-Key": "a-service"}

    async def away(*_: object) -> None:
        raise UnavailableError("the store is away")

    with monkeypatch.context() as failing:
        failing.setattr(stack.app.repositories.managed_services, "create", away)
        failed = await manager.call("create_service", body=a_service(), headers=key)
    again = await manager.call("create_service", body=a_service(), headers=key)

    assert (failed.status, again.status) == (429, 201)
    assert len((await manager.call("list_services")).body["value"]) == 2


async def test_the_list_shows_a_new_service_at_once(manager: Manager) -> None:
    """The oldest services come first, the sandbox's own among them."""
    ids = [await manager.create(name=f"Servizio {number}") for number in range(3)]
    reply = await manager.call("list_services")

    assert reply.status == 200
    assert [one["id"] for one in reply.body["value"]] == [*ids, SERVICE_ID]
    assert reply.body["pagination"] == {"offset": 0, "limit": 20, "count": 4}


async def test_pages_of_the_list_follow_each_other(manager: Manager) -> None:
    """By offset and limit; a page behind the end is empty."""
    ids = [await manager.create(name=f"Servizio {number}") for number in range(4)]
    every = sorted([*ids, SERVICE_ID])
    shown: list[str] = []
    for offset in (0, 2, 4, 6):
        query = {"limit": "2", "offset": str(offset)}
        body = (await manager.call("list_services", query=query)).body
        found = [one["id"] for one in body["value"]]
        assert body["pagination"] == {"offset": offset, "limit": 2, "count": len(found)}
        shown += found

    assert shown == every


async def test_a_change_does_not_overwrite_another_one(manager: Manager) -> None:
    """A change that names the ETag of a former version is refused; one without it is not."""
    created = await manager.call("create_service", body=a_service())
    id_, tag = str(created.body["id"]), created.headers["ETag"]
    assert (await manager.call("read_service", id_)).headers["ETag"] == tag

    async def change(name: str, **headers: str) -> int:
        named = {one.replace("_", "-"): value for one, value in headers.items()}
        body = a_service(name=name)
        return (await manager.call("change_service", id_, body, headers=named)).status

    assert await change("First", if_match=tag) == 200
    assert await change("Second", if_match=tag) == 412
    assert (await manager.call("read_service", id_)).body["name"] == "First"
    assert [await change("Third", if_match="*"), await change("Fourth")] == [200, 200]
    assert await change("Fifth", if_match="without quotes") == 400
    assert (await manager.call("read_service", id_)).body["name"] == "Fourth"


async def test_the_group_of_staff_is_set_and_taken_away(manager: Manager) -> None:
    """It is told only where there is one, and changes neither state nor public form."""
    id_ = await manager.approved()
    changes = (await manager.call("read_service_history", id_)).body

    for group, shown in (({"group_id": "tributi"}, "tributi"), ({}, None)):
        reply = await manager.call("patch_service", id_, {"metadata": group})
        assert (reply.status, reply.body) == (204, None)
        body = (await manager.call("read_service", id_)).body
        assert body["metadata"].get("group_id") == shown
        assert body["status"]["value"] == "approved"
    assert (await manager.call("read_service_history", id_)).body == changes


async def test_a_group_and_minors_are_told_where_they_were_set(manager: Manager) -> None:
    """Clients of IO's earlier contract know neither."""
    payload = a_service(suitable_for_minors=True, metadata={"group_id": "g"})
    body = (await manager.call("create_service", body=payload)).body

    assert body["suitable_for_minors"] is True
    assert body["metadata"]["group_id"] == "g"
    changed = (await manager.call("change_service", body["id"], a_service())).body
    assert "suitable_for_minors" not in changed
    assert changed["metadata"]["group_id"] == "g"


async def test_every_key_reads_the_topics(stack: Stack) -> None:
    """A service's key as well as a manage key; without one it is refused."""
    for key in (MANAGE_KEY, SENDER_KEY):
        reply = await stack.call("list_service_topics", key=key)
        assert reply.status == 200
        assert reply.body["topics"][0] == {"id": 1, "name": "Altro"}
        assert len(reply.body["topics"]) == 18
    assert (await stack.call("list_service_topics", key=None)).status == 401


async def test_the_reminder_policy_is_the_one_that_the_service_s_own_key_reads(
    stack: Stack, manager: Manager
) -> None:
    """With the ETag that a change may name."""
    reply = await manager.call("read_managed_reminder_policy", SERVICE_ID)
    headers = {"if-match": reply.headers["ETag"]}
    change = {"days": [5], "hour": 10}

    changed = await manager.call(
        "change_managed_reminder_policy", SERVICE_ID, change, headers=headers
    )
    late = await manager.call(
        "change_managed_reminder_policy", SERVICE_ID, {"days": [1]}, headers=headers
    )

    assert changed.status == 200
    assert refusal(late)[:2] == (412, "Precondition failed")
    own = await stack.call("read_reminder_policy", key=MANAGE_KEY)
    assert (own.body["days"], own.body["hour"]) == ([5], 10)
    assert (await manager.call("read_managed_reminder_policy", SERVICE_ID)).body == own.body


async def test_a_new_service_has_a_reminder_policy(manager: Manager) -> None:
    """The default, until it is changed."""
    id_ = await manager.create()
    policy = {"days": [5]}

    assert (await manager.call("change_managed_reminder_policy", id_, policy)).status == 200
    assert (await manager.call("read_managed_reminder_policy", id_)).body["days"] == [5]


async def test_a_manage_key_sets_the_duplicate_policy_that_submissions_follow(
    manager: Manager,
) -> None:
    """The keys of a service that an organisation created cannot set it themselves."""
    id_ = await manager.create(max_allowed_payment_amount=10_000)
    before = await manager.call("read_managed_duplicate_policy", id_)
    wrong = await manager.call("change_managed_duplicate_policy", id_, {"policy": "MAYBE"})
    changed = await manager.call("change_managed_duplicate_policy", id_, {"policy": "REFUSE"})
    key = (await manager.call("show_service_keys", id_)).body["primary_key"]
    body = a_message(content=payable())

    first = await manager.stack.call("submit_message", body, key=key)
    await manager.stack.drain()
    second = await manager.stack.call("submit_message", body, key=key)
    own = await manager.stack.call("change_duplicate_policy", {"policy": "ACCEPT"}, key=key)

    assert before.body == {"policy": "ACCEPT"}
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "/policy")
    assert (changed.status, changed.body) == (200, {"policy": "REFUSE"})
    assert (first.status, second.status, own.status) == (201, 409, 403)


async def test_an_id_is_the_same_for_the_service_and_its_subscription(manager: Manager) -> None:
    """The subscription belongs to the manager's account and organisation."""
    id_ = await manager.create()
    stored = await manager.stack.app.repositories.subscriptions.get(id_)

    assert stored is not None
    one = stored.subscription
    assert (one.id, one.service_id, one.kind) == (id_, id_, SubscriptionKind.SERVICE)
    assert one.user_id == f"user-of-{MANAGE_KEY}"
    assert one.organization_fiscal_code == ORGANIZATION
