"""Runs what azd runs before it provisions, with an Azure that answers as it is told."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "infra" / "azure" / "before-provision.sh"
SECRETS = {"KEY_HASH_SECRET": "key-hash-secret", "PSEUDONYM_SECRET": "pseudonym-secret"}
BOTH = " ".join(SECRETS)

AZ = """#!/bin/sh
case "$*" in
    "account show"*) echo a-subscription ;;
    "group exists"*) echo "$GROUP" ;;
    *vaults/kv-rcp-x/secrets/*) echo "https://kv-rcp-x.example/secrets/a-secret/its-version" ;;
    *vaults/kv-rcp-x/secrets*) echo "$NAMES" ;;
    *Microsoft.Consumption/budgets*) echo "$BUDGET" ;;
    *Microsoft.KeyVault/vaults*) echo "$VAULT" ;;
    *dataCollectionRules*) echo "$RULE" ;;
    "keyvault list-deleted"*) echo "$DELETED" ;;
    *) echo "unexpected: az $*" >&2; exit 9 ;;
esac
"""
AZD = """#!/bin/sh
printf '%s\\n' "$3=$4" >>"$SET"
"""


@dataclass
class Azure:
    """The state of Azure; `names` are the names of the secrets in the vault."""

    vault: str = ""
    names: list[str] = field(default_factory=list)
    deleted: str = ""
    rule: str = ""
    budget: str = ""

    def environment(self) -> dict[str, str]:
        """Return the variables that the stand-in for az reads."""
        return {
            "GROUP": "true" if self.vault or self.rule else "false",
            "VAULT": self.vault,
            "NAMES": "\n".join(self.names),
            "DELETED": self.deleted,
            "RULE": self.rule,
            "BUDGET": self.budget,
        }


WHOLE = Azure(vault="kv-rcp-x", names=[*SECRETS.values()], rule="/the/rule")


def provision(folder: Path, azure: Azure, az: str = AZ, **local: str) -> tuple[int, dict[str, str]]:
    """Return the exit status and what the script set in azd's environment."""
    for name, text in (("az", az), ("azd", AZD)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "SET": str(folder / "set"),
            "AZURE_ENV_NAME": "prod",
            "AZURE_SUBSCRIPTION_ID": "a-subscription",
            **azure.environment(),
            **local,
        },
        check=False,
        capture_output=True,
    )
    lines = (folder / "set").read_text().splitlines() if (folder / "set").exists() else []
    return done.returncode, dict(line.split("=", 1) for line in lines)


def test_the_first_time_makes_both_secrets(tmp_path: Path) -> None:
    """The script asks the Azure CLI for the subscription that azd was not told."""
    status, told = provision(tmp_path, Azure(), AZURE_SUBSCRIPTION_ID="")

    assert status == 0
    assert told["AZURE_SUBSCRIPTION_ID"] == "a-subscription"
    assert all(len(told[name]) == 44 for name in SECRETS)  # 32 bytes
    assert told["KEY_HASH_SECRET"] != told["PSEUDONYM_SECRET"]


def test_a_second_machine_makes_no_secret(tmp_path: Path) -> None:
    """The script finds the secrets in the vault, and keeps the workspace's masking rule."""
    assert provision(tmp_path, WHOLE) == (
        0,
        {"KEY_HASH_SECRET": "", "PSEUDONYM_SECRET": "", "TRANSFORMATION_RULE_ID": "/the/rule"},
    )


def test_a_leftover_secret_replaces_no_secret_of_the_vault(tmp_path: Path) -> None:
    """A failed deployment may leave a secret in azd's environment that is in the vault too."""
    _, told = provision(tmp_path, WHOLE, KEY_HASH_SECRET="old")

    assert told["KEY_HASH_SECRET"] == ""


def test_a_secret_missing_in_the_vault_is_made(tmp_path: Path) -> None:
    """A deployment may have failed after it made the vault and before it made a secret."""
    azure = Azure(vault="kv-rcp-x", names=["key-hash-secret"])
    _, told = provision(tmp_path, azure)

    assert told["KEY_HASH_SECRET"] == ""
    assert len(told["PSEUDONYM_SECRET"]) == 44


def test_a_secret_of_a_failed_run_is_used_by_the_next_run(tmp_path: Path) -> None:
    """The script keeps a new secret of azd's environment as long as the vault has none."""
    _, told = provision(tmp_path, Azure(), **dict.fromkeys(SECRETS, "made before"))

    assert not SECRETS.keys() & told.keys()


@pytest.mark.parametrize("name", SECRETS)
def test_one_that_is_to_rotate_is_made_anew(tmp_path: Path, name: str) -> None:
    """The script makes the named secret anew, and keeps the other secret."""
    (other,) = SECRETS.keys() - {name}
    _, told = provision(tmp_path, WHOLE, ROTATE=name)

    assert len(told[name]) == 44
    assert told[other] == ""


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("value", "noted", "version"),
    [
        ("", "", "its-version"),
        ("", "an-older-version", "its-version"),
        ("chosen", "", "its-version"),
        ("made before", "noted before", None),
    ],
)
def test_the_version_before_is_accepted_while_it_is_replaced(
    tmp_path: Path, name: str, value: str, noted: str, version: str | None
) -> None:
    """The script notes the previous version before a rotation, and keeps that note."""
    local = {name: value, f"{name}_PREVIOUS_VERSION": noted}
    _, told = provision(tmp_path, WHOLE, ROTATE=name, **local)

    assert told.get(f"{name}_PREVIOUS_VERSION") == version
    (other,) = SECRETS.keys() - {name}
    assert f"{other}_PREVIOUS_VERSION" not in told


def test_one_that_is_to_rotate_to_a_value_keeps_it(tmp_path: Path) -> None:
    """An operator may return to an earlier value, or repeat a rotation."""
    values = dict.fromkeys(SECRETS, "chosen")
    _, told = provision(tmp_path, WHOLE, ROTATE=BOTH, **values)

    assert not SECRETS.keys() & told.keys()


def test_a_deleted_vault_is_recovered_first(tmp_path: Path) -> None:
    """A new vault could not have the same name, and the secrets would be lost."""
    status, told = provision(tmp_path, Azure(deleted="kv-rcp-x"))

    assert status == 1
    assert not told


def test_an_azure_that_cannot_be_asked_stops_it(tmp_path: Path) -> None:
    """A failed question does not mean that there is no vault."""
    status, told = provision(tmp_path, WHOLE, az="#!/bin/sh\nexit 1\n")

    assert status != 0
    assert not told


@pytest.mark.parametrize(
    ("there", "told", "status", "set_to"),
    [
        ("", "", 0, "the month of today"),
        ("", "2026-11-01", 0, "2026-11-01"),
        ("2026-03-01T00:00:00Z", "", 0, "2026-03-01"),
        ("2026-03-01T00:00:00Z", "2026-11-01", 0, "2026-03-01"),
        ("", "2026-11-24", 1, None),
        ("", "1 November", 1, None),
    ],
)
def test_a_budget_begins_once(
    tmp_path: Path, there: str, told: str, status: int, set_to: str | None
) -> None:
    """A budget begins on the first of a month, and keeps that first day."""
    azure = Azure(vault="kv-rcp-x", names=[*SECRETS.values()], budget=there)
    before = f"{datetime.now(UTC):%Y-%m-01}"
    ended, known = provision(tmp_path, azure, MONTHLY_BUDGET="500", BUDGET_START_DATE=told)

    assert ended == status
    # a month may begin while the hook runs
    today = {before, f"{datetime.now(UTC):%Y-%m-01}"}
    expected = today if set_to == "the month of today" else {set_to}
    assert known.get("BUDGET_START_DATE") in expected


def test_azd_runs_it_and_forgets_the_secrets_afterwards() -> None:
    """After the deployment azd forgets the secrets and the flag that allowed writing them."""
    text = (ROOT / "azure.yaml").read_text()
    _, _, hooks = text.partition("\nhooks:\n")
    before, _, after = hooks.partition("postprovision:")

    assert f"run: sh {SCRIPT.relative_to(ROOT)}" in before
    assert all(f'azd env set {name} ""' in after for name in (*SECRETS, "ROTATE"))


def test_azd_deploys_the_package_as_it_is() -> None:
    """A build in Azure would take another Python, and azd's default differs by version."""
    text = (ROOT / "azure.yaml").read_text()
    service, _, hooks = text.partition("\nhooks:\n")

    assert "    remoteBuild: false" in service.splitlines()
    assert re.search(r"  prepackage:\n    shell: sh\n    run: make package\n", hooks)
    assert "-m infra.azure.package" in (ROOT / "Makefile").read_text()
