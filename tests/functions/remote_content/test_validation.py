"""A configuration with which no call can be made is refused, with the field and the rule."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import MANAGE_KEY
from tests.builders.certificates import a_certificate
from tests.builders.remote_content import a_configuration, an_environment, call, create
from tests.builders.settings import NO_SANDBOX, settings_for
from tests.stack import Stack

NAME = "create_remote_content_configuration"
CERT = a_certificate()
OTHER = a_certificate()


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return a configuration with another value at the JSON pointer."""
    body = deepcopy(a_configuration())
    *above, last = path.strip("/").split("/")
    place = body
    for name in above:
        place = place[name]
    place[last] = value
    return body


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/name", ""),
        ("/name", None),
        ("/description", 1),
        ("/has_precondition", "NONE"),
        ("/disable_lollipop_for", "RSSMRA80A01H501U"),
        ("/is_lollipop_enabled", "true"),
        ("/test_environment/test_users", None),
        ("/prod_environment/base_url", "http://comune.example/io"),
        ("/prod_environment/base_url", "https://127.0.0.1/io"),
        ("/prod_environment/base_url", "https://[::1]/io"),
        ("/prod_environment/base_url", "https://localhost/io"),
        ("/prod_environment/base_url", "https://comune.example:8443/io"),
        ("/prod_environment/base_url", "https://user:secret@comune.example/io"),
        ("/prod_environment/base_url", "https://comune.example/io?key=1"),
        ("/prod_environment/base_url", "https://comune.example/io#part"),
        ("/prod_environment/base_url", "https://comune.example/a b"),
        ("/prod_environment/base_url", f"https://comune.example/{'a' * 1024}"),
        ("/prod_environment/details_authentication/header_key_name", "X Api"),
        ("/prod_environment/details_authentication/header_key_name", "Host"),
        ("/prod_environment/details_authentication/header_key_name", "fiscal_code"),
        ("/prod_environment/details_authentication/header_key_name", "x-pagopa-lollipop-user-id"),
        ("/prod_environment/details_authentication/key", ""),
        ("/prod_environment/details_authentication/key", "a\r\nX-Injected: 1"),
        ("/prod_environment/details_authentication/key", " padded"),
        ("/prod_environment/details_authentication/key", "però"),
        ("/prod_environment/details_authentication/type", ""),
        ("/prod_environment/details_authentication/cert", {"client_cert": "x"}),
    ],
)
async def test_a_wrong_value_is_refused_by_its_field(
    stack: Stack, pointer: str, value: Any
) -> None:
    """The same rules hold for a new configuration and for a replacement."""
    body = changed(pointer, value)

    created = await stack.call(NAME, body, key=MANAGE_KEY)
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    replaced = await call(stack, "replace", id_, body, key=MANAGE_KEY)

    for reply in (created, replaced):
        assert (reply.status, reply.body["title"]) == (400, "Invalid NewRCConfigurationPublic")
        assert all(one["pointer"].startswith(pointer) for one in reply.body["errors"])
        assert all(one["detail"] for one in reply.body["errors"])


async def test_an_empty_value_is_told_to_be_empty(stack: Stack) -> None:
    """Also where its rule has no kind of its own; a wrong value keeps the rule's kind."""
    pointer = "/prod_environment/details_authentication/header_key_name"

    replies = [await stack.call(NAME, changed(pointer, one), key=MANAGE_KEY) for one in ("", "X A")]

    codes = [[one["code"] for one in reply.body["errors"]] for reply in replies]
    assert codes == [["EMPTY"], ["INVALID"]]


async def test_a_test_user_is_a_fiscal_code(stack: Stack) -> None:
    """The fault names the item of the list."""
    body = changed("/test_environment/test_users", ["RSSMRA80A01H501U", "nobody"])

    reply = await stack.call(NAME, body, key=MANAGE_KEY)

    assert [one["pointer"] for one in reply.body["errors"]] == ["/test_environment/test_users/1"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"client_cert": "no certificate"}, "client_cert"),
        ({"client_key": "no key"}, "client_key"),
        ({"client_key": CERT.encrypted_key}, "client_key"),
        ({"client_key": OTHER.key}, "client_key"),
        ({"server_ca": CERT.key}, "server_ca"),
    ],
)
async def test_a_certificate_that_cannot_be_used_is_refused(
    stack: Stack, changes: dict[str, str], field: str
) -> None:
    """The fault names the part of the certificate, and no answer repeats the private key."""
    cert = {"client_cert": CERT.pem, "client_key": CERT.key, "server_ca": OTHER.pem, **changes}
    body = changed("/prod_environment/details_authentication/cert", cert)

    reply = await stack.call(NAME, body, key=MANAGE_KEY)

    assert reply.status == 400
    place = "/prod_environment/details_authentication/cert"
    assert [one["pointer"] for one in reply.body["errors"]] == [f"{place}/{field}"]
    assert "PRIVATE KEY" not in str(reply.body)


async def test_a_certificate_is_answered_without_its_private_key(stack: Stack) -> None:
    """A mask keeps the private key, as it keeps the key of the header."""
    cert = {"client_cert": CERT.pem, "client_key": CERT.key, "server_ca": OTHER.pem}
    body = changed("/prod_environment/details_authentication/cert", cert)
    id_ = await create(stack, body, MANAGE_KEY)

    read = (await call(stack, "read", id_, key=MANAGE_KEY)).body
    shown = read["prod_environment"]["details_authentication"]["cert"]
    assert shown == {**cert, "client_key": "********"}
    again = changed("/prod_environment/details_authentication/cert", shown)
    assert (await call(stack, "replace", id_, again, key=MANAGE_KEY)).status == 204
    wrong = {**shown, "client_cert": OTHER.pem}
    refused = changed("/prod_environment/details_authentication/cert", wrong)
    assert (await call(stack, "replace", id_, refused, key=MANAGE_KEY)).status == 400


async def test_a_url_of_this_machine_is_for_the_sandbox_alone(tmp_path: Path) -> None:
    """The sandbox has an administration of its own on this machine."""
    body = a_configuration(prod_environment=an_environment("http://127.0.0.1:7071/x", "a key"))
    sandbox = await Stack(tmp_path).start()
    assert (await sandbox.call(NAME, body, key=MANAGE_KEY)).status == 201
    await sandbox.app.close()

    folder = tmp_path / "deployed"
    deployed = await Stack(tmp_path, settings_for(folder, **NO_SANDBOX)).start()
    reply = await deployed.call(NAME, body, key=MANAGE_KEY)

    assert reply.status == 400
    assert [one["pointer"] for one in reply.body["errors"]] == ["/prod_environment/base_url"]
    await deployed.app.close()


async def test_an_organisation_has_a_limited_number_of_configurations(stack: Stack) -> None:
    """Fifty configurations are listed and served; the next one is refused."""
    for _ in range(50):
        await create(stack, a_configuration(), MANAGE_KEY)

    reply = await stack.call(NAME, a_configuration(), key=MANAGE_KEY)

    assert (reply.status, reply.body["title"]) == (400, "Too many configurations")
    listed = await stack.call("list_remote_content_configurations", key=MANAGE_KEY)
    assert len(listed.body["rcConfigList"]) == 50
