"""Templates on a store that fails: at each call in turn, before and after its deed."""

from pathlib import Path

import pytest

from tests.faults.test_flaky_scheduled import failing
from tests.functions.batches.template_calls import delete, listed, read, save
from tests.stack import Stack

FAULTS = pytest.mark.parametrize("fault", ["before", "after"])
SUBJECT = "Tassa sui rifiuti del {{ anno }}"


def _folder(base: Path, call: int) -> Path:
    folder = base / str(call)
    folder.mkdir()
    return folder


@FAULTS
@pytest.mark.parametrize("versions", [0, 1])
async def test_a_change_that_fails_is_saved_once(tmp_path: Path, fault: str, versions: int) -> None:
    """The repeated request makes one version, and finds it where the first one made it."""
    call, failures = 1, 0
    while True:
        async with failing(_folder(tmp_path, call), fault) as (stack, faults):
            for _ in range(versions):
                await save(stack)
            tag = f'"{versions}"' if versions else None
            faults.at = call
            reply = await save(stack, subject=SUBJECT, tag=tag)
            reached, faults.at = faults.at <= 0, 0
            failures += reply.status == 503

            reply = await save(stack, subject=SUBJECT, tag=tag)

            assert reply.status in {200, 201}
            assert reply.body["version"] == versions + 1
            await assert_whole(stack, versions + 1)
        if not reached:
            break
        call += 1
    assert failures >= 2


@FAULTS
async def test_a_deletion_that_fails_is_completed(tmp_path: Path, fault: str) -> None:
    """The repeated request succeeds, whatever the first one did."""
    call, failures = 1, 0
    while True:
        async with failing(_folder(tmp_path, call), fault) as (stack, faults):
            await save(stack)
            faults.at = call
            failures += await delete(stack) == 503
            reached, faults.at = faults.at <= 0, 0

            assert await delete(stack) == 204

            assert await listed(stack) == []
            assert (await read(stack, version=1)).status == 200
        if not reached:
            break
        call += 1
    assert failures >= 2


async def assert_whole(stack: Stack, versions: int) -> None:
    """Fail unless the template is its last version, and each version can be read."""
    latest = (await read(stack)).body
    assert latest == (await read(stack, version=versions)).body
    assert latest["subject"] == SUBJECT
    for version in range(1, versions):
        assert (await read(stack, version=version)).status == 200
    assert (await read(stack, version=versions + 1)).status == 404
    assert await listed(stack) == ["tari"]
