"""The cost model: rules against examples by hand, prices with their sources, no drift."""

import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from functions import CONSUMERS, TIMERS
from infra.azure.declarations import queue_names
from infra.costs import __main__ as command
from infra.costs.measuring.calls import DocumentCall, Record, indexed_terms, stored_bytes
from infra.costs.measuring.paths import measure
from infra.costs.measuring.recording_store import RecordingStore
from infra.costs.measuring.runs import Paths
from infra.costs.model import bill as bills
from infra.costs.model import growth, national, standing, throughput, traffic, usage
from infra.costs.model.data import FILE, Data, DataError, read_data
from infra.costs.model.deployment import SETS, read_deployment
from infra.costs.model.request_units import query_units, read_units, request_units, write_units
from infra.costs.model.usage import Usage
from infra.costs.tables import readme
from lib.ports.documents import BatchOperation
from lib.ports.schema import DEAD_LETTERS, MESSAGES, PROFILES
from tests.stack import Stack

pytestmark = pytest.mark.slow


KB = 1024
MILLION = Decimal(1_000_000)


@pytest.fixture(scope="module")
def data() -> Data:
    """Give the data file."""
    return read_data()


@pytest.fixture(scope="module")
def paths() -> Paths:
    """Give every path, measured once."""
    return measure(characters=800, page_items=20)


def used(units: str, executions: str = "1") -> Usage:
    """Make a message that uses so many RU of `messages` and executes so often."""
    return Usage(
        {"messages": Decimal(units)},
        {"messages": Decimal(units)},
        {"http": Decimal(executions)},
        operations=Decimal(1),
        queue_operations=Decimal(0),
        reply_bytes=Decimal(0),
    )


def with_memory(data: Data, megabytes: int) -> Data:
    """Give instances another size."""
    changes = {"instance_mb": Decimal(megabytes)}
    return replace(data, assumptions=data.assumptions.changed(changes))


@pytest.mark.parametrize(
    ("size", "units"),
    [(1, "1.00"), (KB, "1.00"), (3 * KB, "1.09"), (4 * KB, "1.14"), (100 * KB, "7.679375")],
)
def test_a_read_costs_by_size(data: Data, size: int, units: str) -> None:
    """Below the first size the least, between two sizes in proportion: 4.76 + 36/64 x 5.19."""
    assert read_units(data, size) == Decimal(units)


def test_larger_documents_never_cost_less(data: Data) -> None:
    """Reads and writes alike, across all sizes of the table."""
    sizes = range(0, 2048 * KB + 1, 64 * KB)

    assert all(read_units(data, a) <= read_units(data, b) for a, b in pairwise(sizes))
    assert all(write_units(data, a) <= write_units(data, b) for a, b in pairwise(sizes))


def test_no_document_is_larger_than_the_limit(data: Data) -> None:
    """2 MB and a byte is an error, not an extrapolation."""
    with pytest.raises(DataError, match="no document"):
        read_units(data, 2048 * KB + 1)


@pytest.mark.parametrize(
    ("call", "units"),
    [
        # Microsoft: 1 KB with 10 terms, 5.0 + 0.2 x 10; the table has 4.95 where the text has 5.0
        (DocumentCall("create", "c", (KB,), terms=8), "6.95"),
        (DocumentCall("delete", "c", (), before=KB, terms=8), "6.95"),
        # two terms out and in, and _ts out and in: 4.95 x 2 + 0.2 x 6
        (DocumentCall("replace", "c", (KB,), before=KB, terms=4), "11.10"),
        # the same, and 0.4 for each of two properties
        (DocumentCall("patch", "c", (KB,), before=KB, terms=4, properties=2), "11.90"),
        # shrinking: 6.29 for the 2 KB taken out, 4.95 for the 1 KB put in, _ts out and in
        (DocumentCall("replace", "c", (KB,), before=2 * KB), "11.64"),
        (DocumentCall("query", "c", (KB, KB)), "4.80"),
        # from two replicas
        (DocumentCall("read", "c", (4 * KB,)), "2.28"),
        (DocumentCall("read", "c", ()), "2.00"),
    ],
)
def test_request_units_of_an_operation(data: Data, call: DocumentCall, units: str) -> None:
    """Each kind as computed by hand from the published rule."""
    assert request_units(data, call) == Decimal(units)


def test_a_kind_without_a_rule_is_an_error(data: Data) -> None:
    """A new operation is not counted as nothing."""
    with pytest.raises(DataError, match="no rule for truncate"):
        request_units(data, DocumentCall("truncate", "c", ()))


def test_the_least_query_is_below_the_largest(data: Data) -> None:
    """The two published figures bound a page of 21."""
    sizes = (KB,) * 21
    least = query_units(data, sizes, data.units["query_document_least"])

    assert least == Decimal("4.207")
    assert least < query_units(data, sizes, data.units["query_document"]) == Decimal("23.8")


def test_index_entries_are_single_and_composite() -> None:
    """`messages` indexes the key, three fields, and one composite of the key, two and the id."""
    assert indexed_terms(MESSAGES) == 5
    assert indexed_terms(MESSAGES, ["reminder_at"]) == 1
    assert indexed_terms(MESSAGES, ["status"]) == 2
    assert indexed_terms(MESSAGES, ["fiscal_code"]) == 2
    assert indexed_terms(MESSAGES, ["is_read"]) == 0
    assert indexed_terms(PROFILES) == 0


def test_stored_bytes_are_utf8_with_the_system_s_fields() -> None:
    """A letter with an accent is two bytes, and 210 bytes are Cosmos DB's own."""
    assert stored_bytes({"a": "è"}) - stored_bytes({"a": "e"}) == 1
    assert 150 < stored_bytes({}) < 300


async def test_writes_are_told_apart(stack: Stack) -> None:
    """An upsert is a create first and a replacement then; a batch is its steps."""
    record = Record()
    store = RecordingStore(stack.store, record)
    letter = {"id": "a", "queue": "q", "failed_at": "1"}

    await store.upsert(DEAD_LETTERS, letter)
    await store.upsert(DEAD_LETTERS, {**letter, "failed_at": "2"})
    await store.replace(DEAD_LETTERS, {**letter, "failed_at": "2", "note": "x"})
    await store.batch(
        DEAD_LETTERS,
        "q",
        [BatchOperation("create", {**letter, "id": "b"}), BatchOperation("delete", id="a")],
    )
    await store.delete(DEAD_LETTERS, "q", "b")

    assert [(call.kind, call.terms) for call in record.documents] == [
        ("create", 3),
        ("replace", 4),
        ("replace", 0),
        ("create", 3),
        ("delete", 3),
        ("delete", 3),
    ]


def test_longer_messages_cost_more(data: Data, paths: Paths) -> None:
    """Sizes are measured: ten times the text is stored, and charged for."""
    longer = measure(characters=8000, page_items=1)

    for path in ("submit plain", "fan out plain"):
        (more, less) = (usage.path_units(data, found[path]) for found in (longer, paths))
        assert more["messages"] > less["messages"]


def test_a_shorter_page_loads_fewer_documents(paths: Paths) -> None:
    """A page of 20 loads one more, to know whether there is a next."""
    assert len(paths["inbox"].documents[0].sizes) == 21


def test_each_message_is_submitted_and_fanned_out_once(data: Data) -> None:
    """The shares of the paths add up to one."""
    found = usage.weights(data)

    for start in ("submit p", "fan out"):
        assert sum(share for name, share in found.items() if name.startswith(start)) == 1
    assert found["notify"] == 1 - data.assumptions["rejected_share"]


NOT_BY_THE_MESSAGE = {"submit first of a minute", "dead letter"}
"""Once a minute, and after a fault."""


def test_every_path_is_in_the_bill(data: Data, paths: Paths) -> None:
    """What is measured has a weight, a timer's ticks excepted; what has a weight is measured."""
    weighted = usage.weights(data)
    measured = {name.partition(" > ")[0] for name in paths}

    assert {name for name in measured if not name.startswith("tick ")} - NOT_BY_THE_MESSAGE == set(
        weighted
    )
    assert {f"tick {timer.name}" for timer in TIMERS} <= measured


def test_every_queue_function_is_measured_or_named(paths: Paths) -> None:
    """A queue that comes is priced, or stands here with the reason why it is too rare."""
    rare = {
        "send_validation_email": "once in a citizen's life",
        "notify_former_address": "once in a citizen's life",
    }
    ran = {run.function for run in paths.values()}

    assert {consumer.name for consumer in CONSUMERS} - rare.keys() <= ran


def test_four_reminders_of_each_notice_are_in_the_bill(data: Data, paths: Paths) -> None:
    """40 % ask for a payment, 5 % are rejected: 1.52 reminders for each message."""
    assert usage.reminders(data) == Decimal("1.52")
    less = data.assumptions.changed({"reminders_of_a_notice": Decimal(0)})
    without = usage.usage(replace(data, assumptions=less), paths)
    mean = usage.usage(data, paths)

    assert mean.executions["process_due_reminder"] == Decimal("1.52")
    assert "process_due_reminder" not in without.executions
    assert mean.all_units > without.all_units + 50


def test_a_path_run_twice_uses_twice(data: Data, paths: Paths) -> None:
    """The mean is linear in its weights."""
    once = usage.usage(data, paths, {"notify": Decimal(1)})
    twice = usage.usage(data, paths, {"notify": Decimal(2)})

    assert twice.all_units == 2 * once.all_units
    assert twice.operations == 2 * once.operations == 14


def test_the_hours_hold_the_year(data: Data) -> None:
    """8,760 hours and every message, a fifth of a day's in its fullest hour."""
    year = traffic.hours(data, Decimal(250_000))

    assert sum(part.count for part in year) == 8760
    assert round(sum(part.count * part.messages for part in year)) == 250_000
    assert year[0].messages == 200
    assert traffic.fullest_second(data, Decimal(3600)) == 2


def test_a_lone_execution_is_billed_a_second(data: Data) -> None:
    """One an hour: 1 s x 2 GB, as good as; very many: every instance all the time."""
    data = with_memory(data, 2048)
    lone = traffic.gb_seconds_an_hour(data, used("1"), Decimal(1))
    many = traffic.gb_seconds_an_hour(data, used("1"), Decimal(3_600_000))

    assert Decimal("1.99") < lone <= 2
    # 1,000 a second x 0.5 ms of CPU x 4 at 60 %: four instances of a CPU, or fourteen of a quarter
    assert round(many) == 4 * 3600 * 2
    data = with_memory(data, 512)
    assert round(traffic.gb_seconds_an_hour(data, used("1"), Decimal(3_600_000))) == 14 * 1800


def test_what_telemetry_weighs(data: Data) -> None:
    """An execution: 2 records of the app and 1 of the host at 5 %; 15 values a working minute."""
    assert bills.message_telemetry(data, used("1")) == 150
    # 2,500 hours x 60 minutes x 15 kB
    assert bills.telemetry_gb(data, used("1"), MILLION) == Decimal("0.15") + Decimal("2.25")
    assert bills.telemetry_gb(data, used("1"), Decimal(0)) == 0


def test_serverless_is_units_times_price(data: Data) -> None:
    """A million messages of 10 RU: 10 x 0.2638 x 1.25 for the zones."""
    assert throughput.serverless_throughput(data, used("10"), MILLION) == Decimal("3.2975")


def test_autoscale_bills_a_tenth_when_idle(data: Data) -> None:
    """`messages` and the others together at 100 RU/s all year: 0.0104 x 8,760 each."""
    idle = throughput.autoscale_throughput(data, used("0"), Decimal(0), {})

    assert idle == 2 * Decimal("0.0104") * 8760


def test_containers_without_throughput_of_their_own_share_one() -> None:
    """What they use adds up."""
    units = {"messages": Decimal(7), "deliveries": Decimal(3), "profiles": Decimal(2)}

    assert throughput.pools(units) == {"messages": 7, throughput.SHARED: 5}
    assert throughput.pools(units, ("messages", "deliveries")) == {
        "messages": 7,
        "deliveries": 3,
        throughput.SHARED: 2,
    }


@pytest.mark.parametrize(
    ("units", "peak", "stored", "maximum"),
    [
        ("0", "0", "0", 1000),
        ("10", "85", "0", 1000),
        ("10", "86", "0", 2000),
        ("0", "0", "150", 2000),
    ],
)
def test_the_maximum_of_autoscale(
    data: Data, units: str, peak: str, stored: str, maximum: int
) -> None:
    """Units x rate / 85 %, 10 for each GB stored, 1,000 at least; in thousands."""
    found = throughput.autoscale_maximum(data, Decimal(units), Decimal(peak), Decimal(stored))

    assert found == maximum


def test_autoscale_bills_the_fullest_second_of_an_hour(data: Data) -> None:
    """900 M messages of 10 RU: the ceiling in the fullest hours and 1,777.8 in the others."""
    price = Decimal("0.0104")
    found = throughput.autoscale_throughput(data, used("10"), Decimal(900_000_000), {})
    # 2,000 RU/s in the mean of the fullest hour, at 85 % of 3,000; the fullest second has 4,000, of
    # which burst capacity serves what is above. In the nine other hours, twice 888.9
    busy = 250 * 30 + 2250 * Decimal(18) + 6260 * 3

    assert found == (busy + 8760) * price


def test_what_waits_in_queues_is_levelled(data: Data) -> None:
    """A fifth is asked for over HTTP: 2 x 20 + 1.3 x 80 RU/s in the fullest second."""
    mean = replace(used("100"), asked={"messages": Decimal(20)})

    assert throughput.fullest_units(data, mean, Decimal(3600))["messages"] == 144


def test_break_even_is_where_autoscale_becomes_cheaper(data: Data, paths: Paths) -> None:
    """A thousand messages less and it is not."""
    mean = usage.usage(data, paths)
    found = throughput.break_even(data, paths, mean)

    def cheaper(messages: int) -> bool:
        stored = growth.by_container(data, paths, Decimal(messages))
        autoscale = throughput.autoscale_throughput(data, mean, Decimal(messages), stored)
        return autoscale < throughput.serverless_throughput(data, mean, Decimal(messages))

    assert cheaper(found)
    assert not cheaper(found - 1000)


@pytest.mark.parametrize("name", SETS)
def test_more_messages_cost_more(data: Data, paths: Paths, name: str) -> None:
    """Each component grows or stays; the total grows."""
    mean, deployment = usage.usage(data, paths), read_deployment(name)
    found = [bills.bill(data, paths, mean, MILLION * 10**power, deployment) for power in range(5)]

    for less, more in pairwise(found):
        assert less.total < more.total
        assert all(less.components[name] <= more.components[name] for name in less.components)
    assert all(type(euro) is Decimal for one in found for euro in one.components.values())


def test_a_small_sender_pays_at_most_300_euro(data: Data, paths: Paths) -> None:
    """A million messages a year, all defaults; with pushes on the subscription's free account."""
    mean, small = usage.usage(data, paths), read_deployment("small")
    pushing = small.chosen(cosmosMode="free", withNotificationHub="true")

    for deployment in (small, pushing):
        found = bills.bill(data, paths, mean, MILLION, deployment)
        assert found.possible
        assert found.total <= 300


def test_a_hundred_million_cost_at_most_60_euro_a_million(data: Data, paths: Paths) -> None:
    """The production set, four reminders of each notice included; the hub is an option."""
    mean, production = usage.usage(data, paths), read_deployment("production")

    assert bills.bill(data, paths, mean, 100 * MILLION, production).total <= 60 * 100


@pytest.mark.parametrize(
    ("mode", "most"), [("serverless", 90), ("free", 15), ("autoscale", 100_000)]
)
def test_a_bill_says_when_the_documents_are_too_slow(
    data: Data, paths: Paths, mode: str, most: int
) -> None:
    """5,000 RU/s of a container on serverless, 1,000 of all on the free account, else no end."""
    mean, small = usage.usage(data, paths), read_deployment("small").chosen(cosmosMode=mode)

    assert bills.bill(data, paths, mean, MILLION, small).possible
    assert bills.bill(data, paths, mean, most * MILLION, small).possible == (mode == "autoscale")


def test_what_stands_is_priced(data: Data, paths: Paths) -> None:
    """By hand, for both sets: alerts, looks from outside, the network, the gateway, the hub."""
    small, production = map(read_deployment, SETS)

    # six rules and the cap's, four times an hour; 4 series; a look each quarter of an hour
    alerts = 12 * (7 * Decimal("0.432") + 4 * Decimal("0.0865"))
    assert standing.looks(small) == 35_040
    assert standing.monitoring(data, small) == alerts + 35_040 * Decimal("0.000432")
    everywhere = small.chosen(availabilityLocations="[1, 2, 3, 4, 5]", availabilitySeconds="300")
    assert standing.looks(everywhere) == 525_600
    assert standing.network(data, small, Decimal(100)) == 0
    endpoints = 12 * 4 * (Decimal("6.31") + Decimal("0.432"))
    assert standing.network(data, production, Decimal(100)) == endpoints + Decimal("0.865")
    assert standing.gateway(data, small) == 0
    assert standing.gateway(data, small.chosen(withGateway="true")) == 12 * Decimal("129.74")
    assert standing.hub(data, small, MILLION) == 0
    pushing = small.chosen(withNotificationHub="true")
    # 20 million a month: ten are included, ten cost a dollar each
    assert standing.hub(data, pushing, 240 * MILLION) == 12 * (Decimal("8.65") + Decimal("8.65"))
    many = production.chosen(withNotificationHub="true")
    beyond = Decimal("172.98") + 90 * Decimal("8.649") + 100 * Decimal("2.162")
    assert standing.hub(data, many, 2400 * MILLION) == 12 * beyond
    # an instance of 512 MB, all the seconds of a year
    assert standing.ready(data, production) == 365 * 86_400 * Decimal("0.00000346") / 2
    assert standing.ticks(data, paths).runs >= 288 * 365


def test_every_queue_is_polled_all_year(data: Data) -> None:
    """By the scale controller, every ten seconds, each with its poison queue."""
    asked = standing.polls(data, used("1"), Decimal(0))

    assert asked == len(queue_names()) * 3_153_600


def test_a_living_instance_polls_its_queue(data: Data) -> None:
    """One run a second keeps it alive all active hours: 2,500 hours, each two seconds."""
    mean = replace(used("1"), executions={"fan_out_message": Decimal(1), "http": Decimal(1)})
    asked = standing.polls(data, mean, 9_000_000 * Decimal(10)) - standing.polls(
        data, mean, Decimal(0)
    )

    assert round(asked, -3) == 2500 * 1800


def test_a_set_says_what_it_lacks(data: Data) -> None:
    """A parameter that is renamed in Bicep is an error here, not a default."""
    with pytest.raises(DataError, match="no suchParameter"):
        read_deployment("small")["suchParameter"]


@pytest.mark.parametrize(
    ("days", "years", "gigabytes"), [(None, 1, "1.15"), (None, 3, "3.45"), ("73", 3, "0.23")]
)
def test_what_is_stored(data: Data, days: str | None, years: int, gigabytes: str) -> None:
    """1 KB for each of 1,048,576 messages is 1 GB a year, 1.15 indexed; 73 days are a fifth."""
    one = growth.Kept("x", "messages", Decimal(KB), Decimal(days) if days else None)

    found = growth.stored_gb(data, one, Decimal(KB * KB), Decimal(years))

    assert found == Decimal(gigabytes)


@pytest.mark.parametrize(
    ("balls", "bins", "fullest"), [("700", 1, "700.00"), ("1000", 10, "121.46")]
)
def test_the_fullest_of_many_bins(balls: str, bins: int, fullest: str) -> None:
    """100 + sqrt(2 x 100 x ln 10); a single bin has them all."""
    assert round(national.fullest_share(Decimal(balls), bins), 2) == Decimal(fullest)


@pytest.mark.parametrize("own", [("messages",), ("messages", "deliveries")])
def test_partitions_are_enough_and_even(data: Data, paths: Paths, own: tuple[str, ...]) -> None:
    """A power of two, by throughput and by size, and the fullest within its limit."""
    found = national.partitions(data, paths, own)

    assert round(national.a_second(data), 1) == Decimal("694.4")
    assert [one.name for one in found] == [*own, throughput.SHARED]
    all_units = usage.usage(data, paths, national.shares(data)).all_units
    together = sum(one.units_a_second for one in found)
    assert round(together, 6) == round(all_units * national.a_second(data), 6)
    for one in found:
        assert one.count in {1, 2, 4, 8, 16}
        assert one.maximum <= one.count * 10_000
        assert one.gigabytes <= one.count * 50
        assert one.units_a_second / one.count <= one.fullest <= one.given <= 10_000


def test_what_a_send_costs(data: Data) -> None:
    """Eight hours at what the fullest partition would have all of them take; six at the floor."""
    one = national.Pool("messages", Decimal(24_000), 35_000, Decimal(1), 4, fullest=Decimal(6_010))

    # 24,040 RU/s, sold by the hundred; 24,000 x 3,600 x 8 RU at 0.2638 x 1.25 a million
    assert national.send_euro(data, [one]) == (
        8 * 241 * Decimal("0.0104"),
        Decimal("691.2") * Decimal("0.32975"),
    )
    # 40,000 RU/s bill 4,000 for six hours, and leave 4,000 to bill 400: 300 above the least
    assert national.presplit_euro(data, [one]) == (
        6 * 40 * Decimal("0.0104"),
        8760 * 3 * Decimal("0.0104"),
    )


def test_a_faster_send_needs_more(data: Data, paths: Paths) -> None:
    """In half the time: twice the rate, no fewer instances, twice the requests."""
    values = {"hours": Decimal(4)}
    fast = replace(data, national=data.national.changed(values))

    assert national.a_second(fast) == 2 * national.a_second(data)
    slow_fleet, fast_fleet = (national.instances(one, paths) for one in (data, fast))
    assert all(fast_fleet[name] > count for name, count in slow_fleet.items())
    for name, rate in national.queue_requests(data, paths).items():
        assert round(national.queue_requests(fast, paths)[name], 9) == round(2 * rate, 9)


def test_a_message_asks_its_queue_for_little(data: Data, paths: Paths) -> None:
    """A put, a delete, and a thirty-second of a receive."""
    requests = national.queue_requests(data, paths)["message-submitted"]

    assert requests / national.a_second(data) == Decimal("2.03125")


def test_the_hot_key_is_the_dead_letters(data: Data, paths: Paths) -> None:
    """Of all shared keys, only a queue's dead letters can pass a logical partition's limit."""
    found = national.hot_keys(data, paths)

    hot = [what for what, (units_a_second, _) in found.items() if units_a_second > 10_000]
    assert hot == ["dead-letters: one queue, if every item of the send fails"]


def test_every_price_says_where_it_is_from(data: Data) -> None:
    """Euro, unit, region, date, source, and whether it was read or assumed."""
    for name, price in data.prices.items():
        assert type(price.euro) is Decimal, name
        assert price.euro > 0, name
        assert isinstance(price.date, date), name
        assert price.date >= date(2025, 1, 1), name
        assert price.status in {"published", "assumed"}, name
        assert all((price.unit, price.region, len(price.source) > 20)), name


def test_shares_are_shares(data: Data) -> None:
    """Every assumption named a share lies between nothing and all."""
    shares = {
        name: value for name, value in data.assumptions.values.items() if name.endswith("_share")
    }

    assert len(shares) > 3
    assert all(0 <= value <= 1 for value in shares.values())


@pytest.mark.parametrize("changes", [{"nothing_such": Decimal(1)}, {"messages": Decimal(-1)}])
def test_a_wrong_input_is_named(data: Data, changes: dict[str, Decimal]) -> None:
    """A name that does not exist, or a negative number."""
    with pytest.raises(DataError, match=next(iter(changes))):
        data.assumptions.changed(changes)


def test_a_price_that_lacks_its_source_is_an_error(tmp_path: Path) -> None:
    """The data file must be whole."""
    file = tmp_path / "costs.toml"
    text = FILE.read_text()
    source = next(line for line in text.splitlines() if line.startswith("source"))
    file.write_text(text.replace(f"{source}\n", "", 1))

    with pytest.raises(DataError, match="source"):
        read_data(file)


@pytest.mark.parametrize("text", ["", "<!-- table: a -->\n<!-- end -->\n" * 2])
def test_a_readme_without_every_table_once_is_refused(text: str) -> None:
    """A table that is missing or is there twice is an error of `make lint`."""
    with pytest.raises(DataError, match="each of these tables once: a"):
        readme.rewritten(text, {"a": "1"})


def test_a_changed_input_prints_and_leaves_the_readme(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page shows the inputs of the data file alone."""
    before = readme.FILE.read_bytes()
    monkeypatch.setattr(sys, "argv", ["costs", "messages=50000000", "reads=2"])

    assert command.main() == 0

    assert "GB, 50 M a year" in capsys.readouterr().out
    assert readme.FILE.read_bytes() == before


@pytest.mark.parametrize("given", [["nothing=1"], ["reads"], ["reads=many"]])
def test_a_wrong_argument_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    """Exit 1 and a sentence, no traceback."""
    monkeypatch.setattr(sys, "argv", ["costs", *given])

    assert command.main() == 1

    assert capsys.readouterr().err.startswith("recapito: ")
