"""A crash or a race between two writes leaves no configuration that is half there."""

import asyncio

import pytest

from infra.local.sandbox.seed import MANAGE_KEY
from lib.ports.errors import ConflictError, PreconditionFailedError, UnavailableError
from tests.builders.remote_content import a_configuration, an_environment, call, create
from tests.stack import Stack

NAME = "create_remote_content_configuration"


async def names(stack: Stack) -> list[str]:
    """Return the names of the organisation's configurations."""
    reply = await stack.call("list_remote_content_configurations", key=MANAGE_KEY)
    return [one["name"] for one in reply.body["rcConfigList"]]


async def test_a_configuration_that_was_not_stored_is_not_listed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash between the owner and the configuration, the sender creates another one."""

    async def failing(*_: object, **__: object) -> None:
        raise UnavailableError("the store is away")

    with monkeypatch.context() as patch:
        patch.setattr(stack.store, "batch", failing)
        reply = await stack.call(NAME, a_configuration(), key=MANAGE_KEY)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "5")
    assert await names(stack) == []

    await create(stack, a_configuration(name="again"), MANAGE_KEY)

    assert await names(stack) == ["again"]


@pytest.mark.parametrize("error", [ConflictError, PreconditionFailedError])
async def test_a_write_that_the_store_repeats_makes_one_configuration(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """The store's client may send a batch twice, and then reports the second one's conflict."""
    write = stack.store.batch

    async def twice(*args: object) -> None:
        await write(*args)  # type: ignore[arg-type]
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(stack.store, "batch", twice)
        await create(stack, a_configuration(name="once"), MANAGE_KEY)

    assert await names(stack) == ["once"]


async def test_configurations_that_are_made_together_are_all_listed(stack: Stack) -> None:
    """No creation overwrites the list that another one has written."""
    made = [f"{number}" for number in range(5)]

    await asyncio.gather(*(create(stack, a_configuration(name=name), MANAGE_KEY) for name in made))

    assert sorted(await names(stack)) == made


async def test_replacements_that_come_together_lose_no_secret(stack: Stack) -> None:
    """A replacement with a mask keeps the secret of the replacement before it."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    new = a_configuration(
        name="new", prod_environment=an_environment("https://comune.example/io", "a new key")
    )
    masked = a_configuration(
        name="masked", prod_environment=an_environment("https://comune.example/io", "********")
    )

    replies = await asyncio.gather(
        *(call(stack, "replace", id_, body, key=MANAGE_KEY) for body in (new, masked))
    )

    assert [reply.status for reply in replies] == [204, 204]
    assert await names(stack) in (["new"], ["masked"])
