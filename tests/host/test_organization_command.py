"""`make organization` makes the first organisation and keys that work, on both stacks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.emulators.database import prepare
from infra.local.emulators.processes import Emulators
from infra.local.organization import Wish, make
from infra.local.sandbox.seed import seed
from lib.composition.app import build_app
from lib.domain.shared.identifiers import OrganizationFiscalCode
from tests.builders.settings import NO_SANDBOX, settings_for, settings_of
from tests.host.host_process import ROOT, HostProcess

CODE = "00000000018"
ENVIRONMENT: dict[str, str] = {
    **{
        name.upper(): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in NO_SANDBOX.items()
    },
    "STACK": "embedded",
    "GATEWAY_SECRET": "",
}


def command(
    folder: Path, *options: str, code: str = CODE, name: str = "Comune di Prova", **changes: str
) -> tuple[int, str]:
    """Run the command on a data folder; return its exit code and its output."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "infra.local.organization"),
            *("--fiscal-code", code, "--name", name, "--data-folder", str(folder), *options),
        ],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT, **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.returncode, ran.stdout + ran.stderr


def keys_in(output: str) -> list[str]:
    """Return the four keys of the output."""
    return re.findall(r"key, \w+: +(\S+)", output)


def test_the_keys_work_on_the_host(tmp_path: Path) -> None:
    """They are printed in full once, also while the host runs; other keys replace them."""
    code, output = command(tmp_path)
    assert code == 0, output
    assert f"{CODE} Comune di Prova: APPROVED" in output
    manage, _, operator, _ = keys_in(output)
    with HostProcess(tmp_path, "--workers", "1", app=ROOT, prefix=(), **ENVIRONMENT) as host:
        path = f"/api/v1/organizations/{CODE}"
        own = host.call("GET", path, Ocp_Apim_Subscription_Key=manage)
        everything = host.call(
            "GET", "/api/operations/v1/organizations", Ocp_Apim_Subscription_Key=operator
        )
        assert (own.status, own.json()["state"]) == (200, "APPROVED")
        assert [one["fiscal_code"] for one in everything.json()["items"]] == [CODE]
        again = keys_in(command(tmp_path)[1])
        assert all(key.startswith("*" * 28) for key in again)
        replaced = keys_in(command(tmp_path, "--replace")[1])
        new = host.call("GET", path, Ocp_Apim_Subscription_Key=replaced[0])
        assert new.status == 200


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"code": "00000000017"}, "FISCAL_CODE=00000000017"),
        ({"name": "x"}, "NAME must have"),
        ({"KEY_HASH_SECRET": "sandbox-key-hash-secret"}, "KEY_HASH_SECRET"),
        ({"SANDBOX": "maybe"}, "SANDBOX"),
    ],
)
def test_wrong_input_and_settings_are_refused(
    tmp_path: Path, changes: dict[str, str], named: str
) -> None:
    """As the host refuses them: one line names the fault, and no secret."""
    code, output = command(tmp_path, **changes)

    assert (code, output.count("\n")) == (1, 1)
    assert named in output
    assert "sandbox-key-hash-secret" not in output


async def test_a_store_of_a_sandbox_is_refused(tmp_path: Path) -> None:
    """Its keys are in the README."""
    app = build_app(settings_for(tmp_path, **NO_SANDBOX))
    await app.start()
    await seed(app)
    await app.close()

    code, output = command(tmp_path)
    assert (code, "sandbox-service" in output) == (1, True)


async def test_it_works_on_azure_s_services(tmp_path: Path, emulators: Emulators) -> None:
    """A second run shows the keys masked; a run with `replaces` shows new ones."""
    settings = settings_for(
        tmp_path, **{**settings_of(emulators), "cosmos_database": "first-organization"}
    )
    await prepare(settings)
    app = build_app(settings)
    code = OrganizationFiscalCode(CODE)
    first = await make(app, Wish(code, "Comune di Prova", replaces=False))
    second = await make(app, Wish(code, "Another name", replaces=False))
    third = await make(app, Wish(code, "Another name", replaces=True))
    await app.close()

    assert second.organization == third.organization == first.organization
    assert [len(key) for key in (*first.manage, *first.operator)] == [43] * 4
    assert all(key.startswith("*") for key in (*second.manage, *second.operator))
    assert not {*first.manage, *first.operator} & {*third.manage, *third.operator}
    assert [len(key) for key in (*third.manage, *third.operator)] == [43] * 4
