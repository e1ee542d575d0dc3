"""The register of digital domiciles: its client for INAD, and the sandbox's script of it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lib.adapters.embedded.registers import scripted_digital_domiciles as script
from lib.adapters.embedded.registers.scripted_digital_domiciles import ScriptedDigitalDomiciles
from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.registers.digital_domiciles import HTTPDigitalDomiciles
from lib.adapters.outbound.registers.pdnd_client import RENEW_SECONDS, Vouchers
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.registers.digital_domiciles import MOST_CODES, DigitalDomiciles
from lib.use_cases.batches.find_domiciles import FRESH
from tests.doubles.clock import StillClock
from tests.doubles.digital_domiciles import BASE, Inad, a_client, an_element
from tests.doubles.tls import Upstream
from tests.unit.adapters.outbound.support import saying, url_of

HAS, HAS_NONE = "VRDLCU85M41F205J", "BNCGNN70D15L219D"
ADDRESS = script.DOMICILES[HAS]

type Guard = Callable[..., GuardedHTTP]


@pytest.fixture
def inad(upstream: Upstream) -> Inad:
    """Serve the register and its authority."""
    register = Inad({HAS: [an_element(ADDRESS)]})
    upstream.answer = register.answer
    return register


def client_of(upstream: Upstream, guard: Guard, **changes: Any) -> HTTPDigitalDomiciles:
    """Return a client of the register."""
    http = guard()
    client = a_client(url_of(upstream, "/token.oauth2"), **changes)
    return HTTPDigitalDomiciles(url_of(upstream, f"{BASE}/"), Vouchers(client, http), http)


@pytest.mark.parametrize("kind", ["scripted", "http"])
async def test_a_list_is_ready_after_a_while(
    upstream: Upstream, guard: Guard, inad: Inad, kind: str
) -> None:
    """Both registers have the same answers: none at first, then the domiciles of the list."""
    clock = StillClock()
    register: DigitalDomiciles = (
        ScriptedDigitalDomiciles(clock) if kind == "scripted" else client_of(upstream, guard)
    )
    inad.pending = 1
    codes = [HAS, HAS_NONE]
    list_id = await register.ask(codes, "a-batch")

    assert await register.answer(list_id, codes) is None
    clock.advance(script.PREPARED_AFTER)
    found = await register.answer(list_id, codes)
    assert found == {HAS: ADDRESS}
    assert ADDRESS not in repr(found)
    assert await register.answer(list_id, [HAS_NONE]) == {}
    clock.advance(script.KEPT)
    inad.lists.clear()
    with pytest.raises(NotFoundError):
        await register.answer(list_id, codes)
    with pytest.raises(NotFoundError):
        await register.answer("no list", codes)
    await register.close()


async def test_the_script_is_silent_for_one_citizen() -> None:
    """A user of the sandbox sees what an outage looks like."""
    with pytest.raises(UnavailableError):
        await ScriptedDigitalDomiciles(StillClock()).ask([HAS, script.SILENT], "a-batch")


async def test_the_longest_list_is_asked_for_and_read(
    upstream: Upstream, guard: Guard, inad: Inad
) -> None:
    """The answer about a thousand citizens is longer than that of a sender's host may be."""
    codes = [f"RSSMRA80A01H{number:03d}U" for number in range(MOST_CODES)]
    address = f"{'a' * 60}@pec.example.org"
    inad.domiciles = {one: [an_element(address)] for one in codes}
    register = client_of(upstream, guard)

    found = await register.answer(await register.ask(codes, "a-batch"), codes)

    assert found == dict.fromkeys(codes, address)
    assert inad.references == ["a-batch"]
    assert not [one.path_qs for one in upstream.asked if "RSSMRA" in one.path_qs]


@pytest.mark.parametrize(
    ("elements", "address"),
    [
        ([], None),
        ([an_element("no address")], None),
        (["text"], None),
        (
            [an_element("b@pec.it", practicedProfession="Avvocato"), an_element("a@pec.it")],
            "a@pec.it",
        ),
        ([an_element("b@pec.it", practicedProfession="Avvocato")], "b@pec.it"),
        (
            [an_element("a@pec.it", usageInfo={"dateEndValidity": "2026-11-23T09:00:00Z"})],
            None,
        ),
        (
            [an_element("a@pec.it", usageInfo={"dateEndValidity": "2026-11-24T00:00:00+0100"})],
            "a@pec.it",
        ),
        ([an_element("a@pec.it", usageInfo={"dateEndValidity": "soon"})], None),
        ([an_element("a@pec.it", usageInfo=None)], "a@pec.it"),
    ],
)
async def test_a_domicile_is_a_present_address(
    upstream: Upstream, guard: Guard, inad: Inad, elements: list[Any], address: str | None
) -> None:
    """An ended domicile is none; a person's own address comes before a professional's."""
    inad.domiciles = {HAS: elements}
    register = client_of(upstream, guard)

    found = await register.answer(await register.ask([HAS], "a-batch"), [HAS])

    assert found == ({HAS: address} if address else {})


async def test_citizens_who_were_not_asked_for_are_left_out(
    upstream: Upstream, guard: Guard, inad: Inad
) -> None:
    """A register that mixes up its lists tells nobody the address of another citizen."""
    register = client_of(upstream, guard)
    list_id = await register.ask([HAS], "a-batch")

    assert await register.answer(list_id, [HAS_NONE]) == {}


async def test_a_voucher_is_used_until_its_end(
    upstream: Upstream, guard: Guard, inad: Inad
) -> None:
    """A refused voucher and one near its end are replaced; a refusal is told as an outage."""
    register = client_of(upstream, guard)
    list_id = await register.ask([HAS], "a-batch")
    await register.answer(list_id, [HAS])
    assert inad.vouchers == ["voucher-0"]

    inad.revoked.add("voucher-0")
    with pytest.raises(UnavailableError):
        await register.answer(list_id, [HAS])
    inad.seconds = RENEW_SECONDS
    assert await register.answer(list_id, [HAS]) == {HAS: ADDRESS}
    # one for the state of the list, one for the list
    assert len(inad.vouchers) == 3


@pytest.mark.parametrize(
    "changes", [{"client_id": "another"}, {"audience": "another"}, {"private_key": "no key"}]
)
async def test_an_assertion_that_is_not_accepted_is_an_outage(
    upstream: Upstream, guard: Guard, inad: Inad, changes: dict[str, Any]
) -> None:
    """The error tells neither the key nor the assertion."""
    with pytest.raises(UnavailableError) as caught:
        await client_of(upstream, guard, **changes).ask([HAS], "a-batch")

    assert inad.vouchers == []
    assert "PRIVATE" not in repr(a_client("")) + str(caught.value)
    assert HAS not in str(caught.value)


@pytest.mark.parametrize(
    "granted",
    [
        b"<html>",
        {},
        {"access_token": 1, "expires_in": 1},
        {"access_token": "a\nb", "expires_in": 1},
    ],
)
async def test_an_answer_without_a_voucher_is_an_outage(
    upstream: Upstream, guard: Guard, granted: Any
) -> None:
    """No header is made of a text that is no voucher."""
    upstream.answer = saying(granted)

    with pytest.raises(UnavailableError):
        await client_of(upstream, guard).ask([HAS], "a-batch")

    assert [one.path for one in upstream.asked] == ["/token.oauth2"]


@pytest.mark.parametrize("status", [200, 302, 400, 403, 429, 500, 503])
async def test_a_fault_of_the_register_is_an_outage(
    upstream: Upstream, guard: Guard, inad: Inad, status: int
) -> None:
    """The list is asked for again later."""
    register = client_of(upstream, guard)
    list_id = await register.ask([HAS], "a-batch")
    inad.refused = status

    with pytest.raises(UnavailableError):
        await register.ask([HAS], "a-batch")
    if status != 200:
        with pytest.raises(UnavailableError):
            await register.answer(list_id, [HAS])


async def test_an_answer_that_is_no_list_is_an_outage(
    upstream: Upstream, guard: Guard, inad: Inad
) -> None:
    """A page of a gateway is not taken for a register without domiciles."""
    register = client_of(upstream, guard)
    list_id = await register.ask([HAS], "a-batch")

    async def page(request: Any) -> Any:
        if "/response/" in request.path:
            return await saying(b"<html>")(request)
        return await inad.answer(request)

    upstream.answer = page
    with pytest.raises(UnavailableError):
        await register.answer(list_id, [HAS])


async def test_the_voucher_of_calls_at_the_same_time_is_one(
    upstream: Upstream, guard: Guard, inad: Inad
) -> None:
    """The calls share one request to the authority."""
    register = client_of(upstream, guard)
    await asyncio.gather(*(register.ask([HAS], "a-batch") for _ in range(4)))

    assert len(inad.vouchers) == 1


def test_a_list_is_kept_longer_than_its_answer_counts() -> None:
    """The register does not forget a list before the app asks for a new one."""
    assert FRESH + timedelta(hours=1) < script.KEPT
