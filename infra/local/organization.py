"""`make organization`: make the first organisation, its manage keys and an operator's keys."""

import argparse
import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError
from ulid import ULID

from infra.local.data.options import folder_name, folder_of_settings
from infra.local.data.private import check_private, keep_private
from infra.local.errors import HostError
from infra.local.sandbox.seed import refuse_seeded
from infra.local.settings.settings_file import load_settings
from lib.adapters.embedded.data_folder import DataFolderError, check_folder
from lib.composition.app import App, build_app
from lib.composition.settings import Settings, SettingsError, read_settings
from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.services.service import Group
from lib.domain.services.subscription import Subscription, SubscriptionKind
from lib.domain.shared.identifiers import CheckedOrganizationFiscalCode, OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.use_cases.services.issue_keys import ShownKeys

OPERATIONS: Final = "OPERATIONS"
"""The id of the operators' subscription, and their account."""
_LEAST_NAME, _MOST_NAME = 3, 200


@dataclass(frozen=True, slots=True)
class Wish:
    """The organisation to make. `replaces`: whether existing keys are replaced."""

    fiscal_code: OrganizationFiscalCode
    name: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Made:
    """The organisation, and the keys: in full the first time, masked after that."""

    organization: Organization
    manage: ShownKeys
    operator: ShownKeys


async def make(app: App, wish: Wish) -> Made:
    """Make an approved organisation with a manage key, and an operator's key; each once.

    An organisation that exists keeps its name and its state. A run that died is repeated.
    """
    now = app.ports.clock.now()
    organization = await app.organizations.found(
        Organization(
            fiscal_code=wish.fiscal_code,
            name=wish.name,
            state=OrganizationState.APPROVED,
            user_id=str(ULID.from_datetime(now)),
            manage_subscription_id=f"MANAGE-{ULID.from_datetime(now)}",
            created_at=timestamp(now),
        )
    )
    await app.repositories.subscriptions.create(
        Subscription(
            id=OPERATIONS,
            kind=SubscriptionKind.OPERATIONS,
            user_id=OPERATIONS,
            groups=frozenset((Group.OPERATIONS,)),
        )
    )
    manage = await _keys(app, organization.manage_subscription_id, replaces=wish.replaces)
    return Made(organization, manage, await _keys(app, OPERATIONS, replaces=wish.replaces))


async def _keys(app: App, subscription_id: str, *, replaces: bool) -> ShownKeys:
    issue = app.services.issue_keys
    if not replaces:
        return await issue.show(subscription_id)
    await issue.show(subscription_id)
    primary = await issue.replace(subscription_id, "primary")
    secondary = await issue.replace(subscription_id, "secondary")
    return ShownKeys(primary.primary, secondary.secondary)


async def _run(settings: Settings, wish: Wish) -> Made:
    app = build_app(settings)
    try:
        await app.start()
        if not settings.sandbox:
            await refuse_seeded(app)
        elif settings.stack == "azure":
            # this import loads the SDKs, which the embedded stack does not need
            from infra.local.emulators.database import prepare  # noqa: PLC0415

            await prepare(settings)
        return await make(app, wish)
    except UnavailableError as error:
        raise HostError(f"the store does not answer: {error}") from None
    finally:
        await app.close()


def main(arguments: list[str] | None = None) -> int:
    """Make the organisation, and print its keys; return the exit code."""
    keep_private()
    try:
        wish, settings = _read(arguments)
        made = asyncio.run(_run(settings, wish))
    except (HostError, SettingsError) as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    organization = made.organization
    print(f"{organization.fiscal_code} {organization.name}: {organization.state}")
    for owner, keys in (("manage", made.manage), ("operator", made.operator)):
        print(f"{owner} key, primary:   {keys.primary}")
        print(f"{owner} key, secondary: {keys.secondary}")
    print("A key is shown in full once. REPLACE=1 replaces all four, and shows the new ones.")
    return 0


def _read(arguments: list[str] | None) -> tuple[Wish, Settings]:
    parser = argparse.ArgumentParser(prog="make organization", description=__doc__)
    parser.add_argument("--fiscal-code", default="", help="11 digits")
    parser.add_argument("--name", default="", help="as citizens see it")
    parser.add_argument("--replace", action="store_true", help="replace the keys that exist")
    parser.add_argument(
        "--from-environment", action="store_true", help="do not read local.settings.json"
    )
    parser.add_argument("--app-folder", type=Path, default=Path())
    parser.add_argument(
        "--data-folder", type=folder_name, help="instead of the setting DATA_FOLDER"
    )
    options = parser.parse_args(arguments)
    wish = _wish(options.fiscal_code, options.name, replaces=options.replace)
    if not options.from_environment:
        load_settings(options.app_folder)
    if options.data_folder is not None:
        os.environ["DATA_FOLDER"] = str(options.data_folder.resolve())
    settings = read_settings()
    if settings.stack == "embedded":
        _check(folder_of_settings(options.app_folder))
    return wish, settings


def _wish(fiscal_code: str, name: str, *, replaces: bool) -> Wish:
    try:
        code = TypeAdapter(CheckedOrganizationFiscalCode).validate_python(fiscal_code)
    except ValidationError:
        raise HostError(
            f"FISCAL_CODE={fiscal_code}: must be a fiscal code of an organisation: 11 digits, of "
            "which the last one is the check digit"
        ) from None
    if not _LEAST_NAME <= len(name.strip()) <= _MOST_NAME:
        raise HostError(f"NAME must have {_LEAST_NAME} to {_MOST_NAME} characters")
    return Wish(OrganizationFiscalCode(code), name.strip(), replaces)


def _check(folder: Path) -> None:
    """Refuse a data folder that others can read, or whose files are damaged. Raise HostError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_private(folder)
    try:
        check_folder(folder, thorough=False)
    except DataFolderError as error:
        raise HostError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
