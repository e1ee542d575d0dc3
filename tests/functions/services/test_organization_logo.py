"""The logo of an organisation: set with a key of its own, downloaded by everybody."""

import base64

import pytest

from infra.local.sandbox.seed import MANAGE_KEY, ORGANIZATION, SENDER_KEY
from lib.domain.services.service import Group
from tests.builders.managed_services import PNG
from tests.builders.services import with_groups, with_manage_key
from tests.stack import Reply, Stack, refusal

NOT_OWN = (403, "You are not allowed here", "Your key does not act for this organisation")


async def put(stack: Stack, organization: str, key: str, logo: str = PNG) -> Reply:
    """Set the logo of an organisation."""
    path = {"organization_fiscal_code": organization}
    return await stack.call("set_organization_logo", {"logo": logo}, path=path, key=key)


async def download(stack: Stack, file: str) -> Reply:
    """Download a logo without a key."""
    return await stack.call("download_organization_logo", path={"file": file}, key=None)


@pytest.mark.parametrize("file", [f"{ORGANIZATION}.png", "1234567890.png"])
async def test_everybody_downloads_the_logo_that_was_set(stack: Stack, file: str) -> None:
    """The file's name may lack the zeros at the start of the fiscal code, as IO's app has it."""
    reply = await put(stack, ORGANIZATION, MANAGE_KEY)

    assert (reply.status, reply.body) == (202, None)
    assert reply.headers["Location"] == "/api/v1/logos/organizations/1234567890.png"
    shown = await download(stack, file)
    assert (shown.status, shown.body) == (200, base64.b64decode(PNG))
    assert shown.headers["Cache-Control"] == "public, max-age=3600"


async def test_a_service_key_with_the_group_sets_the_logo(stack: Stack) -> None:
    """The organisation is that of the key's service."""
    key = await with_groups(stack, Group.SERVICE_WRITE)

    assert (await put(stack, ORGANIZATION, key)).status == 202
    assert (await put(stack, ORGANIZATION, SENDER_KEY)).status == 403


async def test_the_logo_of_another_organisation_is_refused(stack: Stack) -> None:
    """Nothing is stored, for the key of another organisation and of an intermediary alike."""
    foreign = await with_manage_key(stack, organization="99999999990")
    assert refusal(await put(stack, ORGANIZATION, foreign)) == NOT_OWN
    intermediary = await with_manage_key(stack, on_behalf=True, key="sandbox-intermediary-key")
    assert refusal(await put(stack, ORGANIZATION, intermediary)) == NOT_OWN

    assert refusal(await download(stack, f"{ORGANIZATION}.png"))[:2] == (404, "Logo not found")


async def test_what_is_no_image_is_refused_and_changes_nothing(stack: Stack) -> None:
    """The refusal is that of a service's logo."""
    await put(stack, ORGANIZATION, MANAGE_KEY)
    reply = await put(stack, ORGANIZATION, MANAGE_KEY, "no base64!")

    assert refusal(reply)[:2] == (400, "Image not valid")
    assert reply.body["errors"][0]["pointer"] == "/logo"
    assert (await download(stack, f"{ORGANIZATION}.png")).body == base64.b64decode(PNG)


@pytest.mark.parametrize("organization", ["123", "0123456789x"])
async def test_a_fiscal_code_of_another_form_is_refused(stack: Stack, organization: str) -> None:
    """The refusal names the place."""
    reply = await put(stack, organization, MANAGE_KEY)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "#/path/organization_fiscal_code"
