"""The refusals of the manage API, each with its status and title."""

from typing import Any, Final

import pytest

from infra.local.sandbox.seed import MANAGE_KEY, SENDER_KEY, SERVICE_ID
from tests.builders.managed_services import PNG, Manager, a_service
from tests.builders.services import with_manage_key
from tests.stack import Stack, refusal

OF_A_SERVICE: Final[dict[str, Any]] = {
    "read_service": None,
    "change_service": a_service(),
    "patch_service": {"metadata": {"group_id": "g"}},
    "delete_service": None,
    "set_service_logo": {"logo": PNG},
    "read_service_history": None,
    "show_service_keys": None,
    "replace_service_key": None,
    "submit_service": {"auto_publish": True},
    "comment_review": {"comment": "c"},
    "publish_service": None,
    "read_published_service": None,
    "unpublish_service": None,
    "read_managed_reminder_policy": None,
    "change_managed_reminder_policy": {"days": [2]},
    "read_managed_duplicate_policy": None,
    "change_managed_duplicate_policy": {"policy": "HOLD"},
    "read_second_language": None,
    "change_second_language": {"second_language": "de_DE"},
}
"""Each operation on a service, with a body that it accepts."""
OF_NONE: Final[dict[str, Any]] = {"create_service": a_service(), "list_services": None}
ALL: Final = {**OF_A_SERVICE, **OF_NONE}
KEY_TYPE: Final = {"key_type": "primary"}


@pytest.fixture
def manager(stack: Stack) -> Manager:
    """Give the sandbox's organisation."""
    return Manager(stack)


@pytest.mark.parametrize("name", OF_A_SERVICE)
@pytest.mark.parametrize("id_", ["01HQRZ6T6G2P1NB3QF0J9S2K4V", "è un/altro#?", "x" * 300, " "])
async def test_a_service_that_does_not_exist_is_not_found(
    manager: Manager, name: str, id_: str
) -> None:
    """Whatever the id looks like."""
    reply = await manager.call(name, id_, OF_A_SERVICE[name], path=KEY_TYPE)

    assert refusal(reply) == (404, "Not found", f"{id_[:200]} not found")


@pytest.mark.parametrize("name", OF_A_SERVICE)
@pytest.mark.parametrize("same", ["account", "organisation"])
async def test_a_service_of_another_is_refused(stack: Stack, name: str, same: str) -> None:
    """Neither the account nor the organisation alone owns a service."""
    if same == "organisation":
        key = await with_manage_key(stack)
    else:
        user_id = f"user-of-{MANAGE_KEY}"
        key = await with_manage_key(stack, organization="99999999990", user_id=user_id)
    reply = await Manager(stack, key).call(name, SERVICE_ID, OF_A_SERVICE[name], path=KEY_TYPE)

    assert refusal(reply)[:2] == (403, "You are not allowed here")
    assert (await Manager(stack, key).call("list_services")).body["value"] == []


@pytest.mark.parametrize("name", ALL)
async def test_a_key_without_the_right_is_refused(stack: Stack, name: str) -> None:
    """No key and an unknown one in the gateway's form, a sender's key and one without a group."""
    path = {"service_id": SERVICE_ID, **KEY_TYPE}
    for key, message in ((None, "missing subscription key"), ("x", "invalid subscription key")):
        reply = await stack.call(name, ALL[name], path=path, key=key)
        assert (reply.status, reply.body["statusCode"]) == (401, 401)
        assert message in reply.body["message"]

    sender = await stack.call(name, ALL[name], path=path, key=SENDER_KEY)
    assert refusal(sender)[:2] == (403, "You are not allowed here")
    key = await with_manage_key(stack, groups=frozenset())
    no_group = await stack.call(name, ALL[name], path=path, key=key)
    assert refusal(no_group)[:2] == (403, "User has no valid scopes")
    key = await with_manage_key(stack, cidrs=("203.0.113.0/24",), key="sandbox-another-key")
    elsewhere = await stack.call(name, ALL[name], path=path, key=key)
    assert refusal(elsewhere)[:2] == (403, "You are not allowed here")
    assert "authorized_cidrs" in elsewhere.body["errors"][0]["detail"]


WRONG: Final[dict[str, Any]] = {
    "/name": a_service(name=""),
    "/description": a_service(description=7),
    "/organization": {**a_service(), "organization": None},
    "/organization/fiscal_code": a_service(organization={"fiscal_code": "1"}),
    "/organization/department_name": a_service(organization={"department_name": ""}),
    "/require_secure_channel": a_service(require_secure_channel="true"),
    "/authorized_recipients/0": a_service(authorized_recipients=["x"]),
    "/authorized_cidrs/1": a_service(authorized_cidrs=["203.0.113.7", "203.0.113.0/33"]),
    "/authorized_cidrs/0": a_service(authorized_cidrs=["999.0.113.0/24"]),
    "/max_allowed_payment_amount": a_service(max_allowed_payment_amount=10_000_000_000),
    "/metadata": {name: value for name, value in a_service().items() if name != "metadata"},
    "/metadata/scope": a_service(metadata={"scope": "REGIONAL"}),
    "/metadata/topic_id": a_service(metadata={"topic_id": "7"}),
    "/metadata/privacy_url": a_service(metadata={"privacy_url": None}),
    "/metadata/group_id": a_service(metadata={"group_id": ""}),
}


@pytest.mark.parametrize("name", ["create_service", "change_service"])
@pytest.mark.parametrize("pointer", WRONG)
async def test_a_wrong_payload_names_the_field(manager: Manager, name: str, pointer: str) -> None:
    """The detail is in the form of IO's decoder."""
    id_ = SERVICE_ID if name == "change_service" else None
    reply = await manager.call(name, id_, WRONG[pointer])

    status, title, detail = refusal(reply)
    assert (status, title) == (400, "Invalid ServicePayload")
    assert [one["pointer"] for one in reply.body["errors"]] == [pointer]
    assert f"at [root.{pointer[1:].replace('/', '.')}] is not a valid [" in detail


@pytest.mark.parametrize("name", ["create_service", "change_service"])
@pytest.mark.parametrize("topic_id", [0, 19, 3.5, -1])
async def test_a_topic_that_does_not_exist_is_refused(
    manager: Manager, name: str, topic_id: float
) -> None:
    """In IO's words."""
    id_ = SERVICE_ID if name == "change_service" else None
    reply = await manager.call(name, id_, a_service(metadata={"topic_id": topic_id}))

    assert refusal(reply) == (400, "Bad Request", "Provided topic_id does not exists")
    assert reply.body["errors"][0]["pointer"] == "/metadata/topic_id"


@pytest.mark.parametrize("name", ["create_service", "change_service"])
async def test_a_service_of_another_organisation_is_not_created(
    manager: Manager, name: str
) -> None:
    """Its messages could ask for payments to that organisation."""
    id_ = SERVICE_ID if name == "change_service" else None
    reply = await manager.call(name, id_, a_service(organization={"fiscal_code": "99999999990"}))

    assert refusal(reply)[:2] == (403, "You are not allowed here")
    assert reply.body["errors"][0]["pointer"] == "/organization/fiscal_code"


@pytest.mark.parametrize(
    ("name", "body", "title"),
    [
        ("patch_service", {}, "Invalid PatchServicePayload"),
        ("patch_service", {"metadata": {"group_id": 7}}, "Invalid PatchServicePayload"),
        ("set_service_logo", {}, "Invalid Logo"),
        ("set_service_logo", {"logo": ""}, "Invalid Logo"),
        ("submit_service", {"auto_publish": "yes"}, "Invalid ReviewRequest"),
        ("comment_review", {"comment": 7}, "Invalid Comment"),
        ("create_service", [], "Invalid ServicePayload"),
    ],
)
async def test_a_wrong_body_is_refused_by_its_name(
    manager: Manager, name: str, body: Any, title: str
) -> None:
    """As each type is called in IO."""
    id_ = None if name == "create_service" else SERVICE_ID

    assert refusal(await manager.call(name, id_, body))[:2] == (400, title)


@pytest.mark.parametrize(
    ("name", "query", "parameter"),
    [
        ("list_services", {"limit": "0"}, "limit"),
        ("list_services", {"limit": "101"}, "limit"),
        ("list_services", {"offset": "-1"}, "offset"),
        ("read_service_history", {"limit": "x"}, "limit"),
        ("read_service_history", {"order": "UP"}, "order"),
        ("read_service_history", {"continuationToken": ""}, "continuationToken"),
    ],
)
async def test_a_wrong_query_parameter_is_refused(
    manager: Manager, name: str, query: dict[str, str], parameter: str
) -> None:
    """The pointer names it."""
    id_ = SERVICE_ID if name == "read_service_history" else None
    reply = await manager.call(name, id_, query=query)

    assert refusal(reply)[:2] == (400, "Invalid query parameters")
    assert reply.body["errors"][0]["pointer"] == f"#/query/{parameter}"


async def test_a_key_of_no_known_type_is_refused(manager: Manager) -> None:
    """There are a primary and a secondary one."""
    reply = await manager.call("replace_service_key", SERVICE_ID, path={"key_type": "third"})

    assert refusal(reply)[:2] == (400, "Invalid SubscriptionKeyType")


async def test_members_that_io_does_not_have_are_ignored(manager: Manager) -> None:
    """As IO does; those of the answer among them."""
    reply = await manager.call("create_service", body=a_service(id="x", status="approved"))

    assert reply.status == 201
    assert reply.body["id"] != "x"
    assert reply.body["status"] == {"value": "draft"}
