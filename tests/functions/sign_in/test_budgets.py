"""Logins and sessions cost a limited number of operations (design, section 5)."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.composition.stacks import embedded_ports
from lib.ports.identity_provider import OfferedProvider
from tests.builders.settings import settings_for
from tests.doubles.clock import StillClock
from tests.doubles.counting import Counting
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import ISSUER, PAGE, App
from tests.stack import Stack


@pytest.fixture
def calls() -> Counter[str]:
    """Give the counts of the store's operations."""
    return Counter()


@pytest.fixture
async def app(tmp_path: Path, provider: KeptProvider, calls: Counter[str]) -> AsyncIterator[App]:
    """Give an app whose operations are counted."""
    settings = settings_for(tmp_path)
    store = Counting(embedded_ports(settings, StillClock()).store, calls)
    offered = {"spid": OfferedProvider("SPID", provider)}
    stack = await Stack(tmp_path, settings, providers=offered, store=store).start()
    calls.clear()
    yield App(stack, provider)
    await stack.app.close()


def counted(calls: Counter[str]) -> dict[str, int]:
    """Return the operations since the last call."""
    found = dict(calls)
    calls.clear()
    return found


async def test_a_login(app: App, calls: Counter[str]) -> None:
    """A login begins without the store, and ends with profile, deletion, session and log."""
    await app.begin()
    assert counted(calls) == {}
    await app.come_back()
    assert counted(calls) == {"read": 3, "create": 2}
    code = await app.code()
    assert counted(calls) == {"read": 3, "replace": 1, "create": 1}
    await app.exchange(code)
    assert counted(calls) == {"read": 1, "replace": 1}
    await app.refresh()
    assert counted(calls) == {"read": 1, "replace": 1}


async def test_a_text_that_is_no_token_costs_nothing(app: App, calls: Counter[str]) -> None:
    """Nobody can make the store work by guessing."""
    await app.exchange("x.y")
    await app.token(grant_type="refresh_token", refresh_token="x.1.y")
    await app.revoke("x")
    await app.browser.get("finish_login", state="x", code="x")
    app.browser.cookies["recapito-session"] = "x"
    await app.browser.call("list_inbox")

    assert counted(calls) == {}


async def test_a_call_looks_at_its_session_once_in_ten_seconds(
    app: App, calls: Counter[str]
) -> None:
    """The first call of a token reads the session, the next ones do not, by token and cookie."""
    await app.log_in()
    browser = App(app.stack, app.provider).browser
    page = App(app.stack, app.provider)
    page.browser = browser
    asked = {"client_id": PAGE, "redirect_uri": f"{ISSUER}/inbox", "response_type": "none"}
    await browser.get("begin_login", **asked)
    await page.come_back()
    counted(calls)

    for _ in range(2):
        await app.call("list_inbox")
    assert counted(calls) == {"read": 1, "query": 2}
    for _ in range(2):
        await browser.call("list_inbox")
    assert counted(calls) == {"read": 1, "query": 2}


async def test_a_token_of_another_issuer_costs_nothing_more(app: App, calls: Counter[str]) -> None:
    """There is no session to look at."""
    await app.stack.call("list_inbox", citizen=CITIZEN)

    assert counted(calls) == {"query": 1}


async def test_a_device_is_bound_to_its_session_once(app: App, calls: Counter[str]) -> None:
    """The first registration reads and writes the session; later ones write nothing."""
    await app.log_in()
    await app.call("list_inbox")
    path, body = {"installation_id": "d"}, {"platform": "apns", "pushChannel": "c"}
    counted(calls)

    await app.call("register_installation", body, path=path)
    first = counted(calls)
    await app.call("register_installation", body, path=path)

    assert first == {"read": 2, "replace": 1, "upsert": 1, "create": 2}
    assert counted(calls) == {"read": 3}
