"""A process that dies at a write leaves a login that is done, or one that has not begun."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.composition.stacks import embedded_ports
from lib.ports.errors import PreconditionFailedError, UnavailableError
from lib.ports.identity_provider import OfferedProvider
from tests.builders.settings import settings_for
from tests.doubles.clock import StillClock
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import App, header, query_of
from tests.functions.sign_in.test_codes import fault
from tests.stack import Stack

NEW = "NOPROF00A00A000A"
WRITES = frozenset(("create", "upsert", "replace", "patch", "delete", "batch"))


class Failing:
    """A store whose write of this number fails with `error`; `lands`: it is stored before."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.at, self.lands = 0, False
        self.error: type[Exception] = RuntimeError

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in WRITES:
            return method

        async def write(*args: Any, **options: Any) -> Any:
            self.at -= 1
            if self.at != 0:
                return await method(*args, **options)
            if self.lands:
                await method(*args, **options)
            raise self.error("a failing write")

        return write

    def fail(self, at: int, error: type[Exception], *, lands: bool) -> None:
        """Let the write of this number fail."""
        self.at, self.error, self.lands = at, error, lands


async def app_on(folder: Path, provider: KeptProvider) -> tuple[App, Failing]:
    """Return an app, and its store."""
    settings = settings_for(folder)
    store = Failing(embedded_ports(settings, StillClock()).store)
    offered = {"spid": OfferedProvider("SPID", provider)}
    return App(
        await Stack(folder, settings, providers=offered, store=store).start(), provider
    ), store


@pytest.mark.parametrize("lands", [False, True])
@pytest.mark.parametrize("at", [1, 2])
async def test_a_login_that_dies_is_begun_anew(
    tmp_path: Path, provider: KeptProvider, at: int, lands: bool
) -> None:
    """The profile may be there, the session may be there: the citizen logs in, and it is whole."""
    app, store = await app_on(tmp_path, provider)
    provider.fiscal_code = NEW
    await app.begin()
    store.fail(at, RuntimeError, lands=lands)

    died = await app.come_back()
    await app.log_in()

    assert died.status == 500
    assert (await app.call("read_profile")).body["version"] == 0
    assert len((await app.call("list_sessions")).body["items"]) == 1
    await app.stack.app.close()


@pytest.mark.parametrize("lands", [False, True])
async def test_an_exchange_that_dies_leaves_no_tokens_behind(
    tmp_path: Path, provider: KeptProvider, lands: bool
) -> None:
    """Before the write the code still serves; after it, the code ends the session."""
    app, store = await app_on(tmp_path, provider)
    code = await app.code()
    store.fail(1, RuntimeError, lands=lands)

    died = await app.exchange(code)
    again = await app.exchange(code)

    assert died.status == 500
    assert again.status == (400 if lands else 200)
    listed = await app.stack.call("list_sessions", citizen=CITIZEN)
    assert len(listed.body["items"]) == (0 if lands else 1)
    await app.stack.app.close()


@pytest.mark.parametrize("lands", [False, True])
async def test_a_refresh_that_dies_is_sent_again(
    tmp_path: Path, provider: KeptProvider, lands: bool
) -> None:
    """The app has the same token, and it still serves."""
    app, store = await app_on(tmp_path, provider)
    await app.log_in()
    store.fail(1, RuntimeError, lands=lands)

    died = await app.refresh()
    again = await app.refresh()

    assert (died.status, again.status) == (500, 200)
    assert (await app.refresh()).status == 200
    await app.stack.app.close()


async def test_a_write_that_the_store_sends_twice_is_known_as_one_s_own(
    tmp_path: Path, provider: KeptProvider
) -> None:
    """The store's client may write twice, and tell of the second write's conflict."""
    app, store = await app_on(tmp_path, provider)
    code = await app.code()
    store.fail(1, PreconditionFailedError, lands=True)
    exchanged = await app.exchange(code)
    store.fail(1, PreconditionFailedError, lands=True)
    refreshed = await app.refresh()

    assert (exchanged.status, refreshed.status) == (200, 200)
    assert (await app.refresh()).status == 200
    await app.stack.app.close()


@pytest.mark.parametrize("lands", [False, True])
@pytest.mark.parametrize("at", [1, 2])
async def test_a_logout_that_dies_is_made_again(
    tmp_path: Path, provider: KeptProvider, at: int, lands: bool
) -> None:
    """At each write the session goes on with its device, or the device is silent already."""
    app, store = await app_on(tmp_path, provider)
    await app.log_in()
    body = {"platform": "apns", "pushChannel": "c"}
    await app.call("register_installation", body, path={"installation_id": "d"})
    store.fail(at, RuntimeError, lands=lands)

    died = await app.call("log_out")
    again = await app.call("log_out")

    assert died.status == 500
    assert again.status in {200, 401, 404}
    assert fault(await app.refresh()) == "invalid_grant"
    devices = await app.stack.app.repositories.devices.get(CITIZEN)
    assert not devices.present
    await app.stack.app.close()


async def test_a_store_that_is_away_is_told_to_browsers_and_apps(
    tmp_path: Path, provider: KeptProvider
) -> None:
    """Nobody is logged out for an outage: both may try again."""
    app, store = await app_on(tmp_path, provider)
    await app.begin()
    store.fail(1, UnavailableError, lands=False)
    told = query_of(header(await app.come_back(), "location"))
    await app.log_in()
    store.fail(1, UnavailableError, lands=False)
    refreshed = await app.refresh()

    assert told["error"] == "temporarily_unavailable"
    assert refreshed.status == 503
    assert (await app.refresh()).status == 200
    await app.stack.app.close()
