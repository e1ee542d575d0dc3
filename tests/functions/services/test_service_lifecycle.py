"""A service goes from the draft to its publication, and each wrong step is refused."""

from typing import Any

import pytest

from infra.local.sandbox.seed import OPERATOR_KEY
from tests.builders.managed_services import Manager, a_service, approve, reject
from tests.stack import Stack, refusal


@pytest.fixture
def manager(stack: Stack) -> Manager:
    """Give the sandbox's organisation."""
    return Manager(stack)


async def waiting(stack: Stack) -> list[str]:
    """Return the ids of the services that wait for an operator."""
    reply = await stack.call("list_service_reviews", key=OPERATOR_KEY)
    assert reply.status == 200
    return [one["service"]["id"] for one in reply.body["items"]]


async def history(manager: Manager, id_: str, **query: str) -> list[tuple[str, str]]:
    """Return kind and state of each change, the oldest first."""
    query = {"order": "ASC", **query}
    reply = await manager.call("read_service_history", id_, query=query)
    assert reply.status == 200, reply
    return [(one["status"]["kind"], one["status"]["value"]) for one in reply.body["items"]]


async def release(manager: Manager, id_: str) -> Any:
    """Return the answer to a look at the approved form."""
    return await manager.call("read_published_service", id_)


async def test_a_service_is_approved_and_published_as_it_was_asked_for(
    stack: Stack, manager: Manager
) -> None:
    """The history tells of each step."""
    id_ = await manager.create()
    await manager.submit(id_, auto_publish=True)
    assert await waiting(stack) == [id_]

    assert (await approve(stack, id_)).status == 200

    assert await waiting(stack) == []
    assert await manager.status(id_) == "approved"
    assert (await release(manager, id_)).body["status"] == "published"
    assert await history(manager, id_) == [
        ("lifecycle", "draft"),
        ("lifecycle", "submitted"),
        ("lifecycle", "approved"),
        ("publication", "published"),
    ]


async def test_an_approved_service_is_published_and_hidden_by_its_organisation(
    manager: Manager,
) -> None:
    """Each of them may be asked for twice."""
    id_ = await manager.approved()
    assert (await release(manager, id_)).body["status"] == "unpublished"

    for name, state in (("publish_service", "published"), ("unpublish_service", "unpublished")):
        assert [(await manager.call(name, id_)).status for _ in range(2)] == [204, 204]
        assert (await release(manager, id_)).body["status"] == state
    assert (await history(manager, id_))[3:] == [
        ("publication", "unpublished"),
        ("publication", "published"),
        ("publication", "unpublished"),
    ]


async def test_a_rejected_service_says_why_and_is_edited_before_it_is_sent_again(
    stack: Stack, manager: Manager
) -> None:
    """Its reason is gone with the edit."""
    id_ = await manager.create()
    await manager.submit(id_)
    assert (await reject(stack, id_, "Write more.")).status == 200
    shown = (await manager.call("read_service", id_)).body["status"]
    assert shown == {"value": "rejected", "reason": "Write more."}
    assert await waiting(stack) == []

    again = await manager.call("submit_service", id_, {"auto_publish": False})
    assert again.status == 409
    edited = await manager.call("change_service", id_, a_service(description="Una mensa migliore."))
    assert edited.body["status"] == {"value": "draft"}
    await manager.submit(id_)
    assert await waiting(stack) == [id_]


async def test_an_edit_is_a_draft_and_the_approved_form_stays(manager: Manager) -> None:
    """Until the next approval; a published service stays so."""
    id_ = await manager.approved(auto_publish=True)
    change = a_service(metadata={"phone": "055 123"})

    assert (await manager.call("change_service", id_, change)).body["status"]["value"] == "draft"
    assert "phone" not in (await release(manager, id_)).body["metadata"]

    await manager.submit(id_)
    assert await manager.status(id_) == "approved"
    assert (await release(manager, id_)).body["metadata"]["phone"] == "055 123"
    assert (await release(manager, id_)).body["status"] == "published"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Mensa e refezione"},
        {"description": "Tutta la mensa, ogni giorno."},
        {"organization": {"name": "Comune di Altrove"}},
        {"metadata": {"scope": "NATIONAL"}},
    ],
)
async def test_a_change_of_identity_needs_an_operator(
    stack: Stack, manager: Manager, change: dict[str, Any]
) -> None:
    """Other changes are approved automatically."""
    id_ = await manager.approved()
    await manager.call("change_service", id_, a_service(**change))
    await manager.submit(id_)

    assert await manager.status(id_) == "submitted"
    assert await waiting(stack) == [id_]


async def test_a_submitted_service_cannot_be_edited(manager: Manager) -> None:
    """It is frozen as it was sent."""
    id_ = await manager.create()
    await manager.submit(id_)

    assert refusal(await manager.call("change_service", id_, a_service())) == (
        409,
        "Conflict",
        "No transition matched: edit of a service that is submitted.",
    )


async def test_a_draft_is_submitted_once(manager: Manager) -> None:
    """An empty body asks for no publication."""
    id_ = await manager.create()

    assert (await manager.call("submit_service", id_)).status == 204
    assert refusal(await manager.call("submit_service", id_))[:2] == (409, "Conflict")


async def test_a_service_that_was_never_approved_has_no_public_form(manager: Manager) -> None:
    """It cannot be published; there is nothing to read or to hide."""
    id_ = await manager.create()

    assert refusal(await manager.call("publish_service", id_)) == (
        409,
        "Conflict",
        "The service was never approved: send it to review first.",
    )
    for name in ("read_published_service", "unpublish_service"):
        assert refusal(await manager.call(name, id_))[:2] == (404, "Not found")


async def test_a_comment_reaches_the_operator(stack: Stack, manager: Manager) -> None:
    """While the service waits, and at no other time."""
    id_ = await manager.create()
    assert refusal(await manager.call("comment_review", id_, {"comment": "Please."}))[:2] == (
        409,
        "Conflict",
    )
    await manager.submit(id_)

    assert (await manager.call("comment_review", id_, {"comment": "Please."})).status == 204

    reply = await stack.call("list_service_reviews", key=OPERATOR_KEY)
    (item,) = reply.body["items"]
    assert item["comment"] == "Please."
    assert (await manager.call("comment_review", id_, {})).status == 204
    reply = await stack.call("list_service_reviews", key=OPERATOR_KEY)
    assert "comment" not in reply.body["items"][0]


async def test_an_operator_decides_on_the_version_that_was_read(
    stack: Stack, manager: Manager
) -> None:
    """A later submission is another version."""
    id_ = await manager.create()
    await manager.submit(id_)
    reply = await stack.call("list_service_reviews", key=OPERATOR_KEY)
    version = reply.body["items"][0]["version"]
    await reject(stack, id_, version=version)
    await manager.call("change_service", id_, a_service(description="Una mensa migliore."))
    await manager.submit(id_)

    late = await approve(stack, id_, version=version)

    assert refusal(late)[:2] == (409, "Conflict")
    assert late.body["errors"][0]["pointer"] == "/version"
    assert await manager.status(id_) == "submitted"


async def test_a_decision_on_a_service_that_does_not_wait_is_refused(
    stack: Stack, manager: Manager
) -> None:
    """A draft, and a service that does not exist."""
    id_ = await manager.create()

    for decide in (approve, reject):
        assert refusal(await decide(stack, id_))[:2] == (409, "Conflict")
        assert refusal(await decide(stack, "none"))[:2] == (404, "Not found")


@pytest.mark.parametrize("steps", ["", "s", "sr", "sa"])
async def test_a_service_is_deleted_in_every_state(
    stack: Stack, manager: Manager, steps: str
) -> None:
    """For ever; a second deletion changes nothing, and the list shows it as deleted."""
    id_ = await manager.create()
    if "s" in steps:
        await manager.submit(id_)
    if "a" in steps:
        await approve(stack, id_)
    if "r" in steps:
        await reject(stack, id_)

    assert [(await manager.call("delete_service", id_)).status for _ in range(2)] == [204, 204]

    assert await manager.status(id_) == "deleted"
    assert await waiting(stack) == []
    found = (await manager.call("list_services")).body["value"]
    assert {one["id"]: one["status"]["value"] for one in found}[id_] == "deleted"
    for name, body in (("change_service", a_service()), ("submit_service", {"auto_publish": True})):
        assert refusal(await manager.call(name, id_, body))[:2] == (409, "Conflict")


async def test_pages_of_the_history_follow_each_other(manager: Manager) -> None:
    """In both orders; a token of another place is refused."""
    id_ = await manager.approved()
    query = {"limit": "3", "order": "DESC"}
    first = (await manager.call("read_service_history", id_, query=query)).body
    query["continuationToken"] = first["continuationToken"]
    second = (await manager.call("read_service_history", id_, query=query)).body

    values = [one["status"]["value"] for one in (*first["items"], *second["items"])]
    assert values == ["unpublished", "approved", "submitted", "draft"]
    assert "continuationToken" not in second
    assert len((await manager.call("read_service_history", id_)).body["items"]) == 4
    wrong = await manager.call("read_service_history", id_, query={"continuationToken": "x"})
    assert refusal(wrong)[:2] == (400, "Invalid query parameters")
    assert wrong.body["errors"][0]["pointer"] == "#/query/continuationToken"
