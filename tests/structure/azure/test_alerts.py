"""Holds what operators see to the code: alerts, runbooks, telemetry, and what is masked in it."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from infra.azure.declarations import DYNAMIC, MASK, TEXT, fiscal_code_regex, replacement
from tests.bicep import (
    AZURE,
    FILES,
    ROOT,
    accessor,
    app_settings,
    config,
    declarations,
    loops_over,
    module,
    only,
    parsed,
    resources,
)
from tests.doubles.telemetry import IN_AZURE

ALERTS = ("Microsoft.Insights/metricAlerts", "Microsoft.Insights/scheduledQueryRules")


def alert_descriptions() -> list[str]:
    """Return the description of every alert."""
    found = []
    for path in FILES:
        for resource in parsed(path).get("resources", {}).values():
            if resource["type"] in ALERTS:
                description = config(resource)["properties"]["description"]
                if isinstance(description, str):
                    found.append(description)
                else:
                    assert description == accessor("alert", "description")
        variables = parsed(path).get("variables", {})
        for name in ("alerts", "ofPartitions"):
            found += [alert["description"] for alert in variables.get(name, {}).get("value", [])]
    return found


def test_alerts_and_runbooks_belong_together() -> None:
    """Each alert names its place in the runbooks, and each place there has its alert."""
    headings = re.findall(r"^## (.+)$", (ROOT / "infra" / "runbooks.md").read_text(), re.MULTILINE)
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings
    }
    pattern = r"Runbook: infra/runbooks\.md#([a-z0-9-]+)$"
    told = [re.search(pattern, description) for description in alert_descriptions()]
    budget = re.search(pattern, (AZURE / "modules" / "budget.bicep").read_text(), re.MULTILINE)

    assert len(told) >= 10
    assert None not in told
    assert budget is not None
    assert {match[1] for match in (*told, budget) if match} == anchors


def masked(text: str) -> str:
    """Mask a text as the workspace does, whose engine may know letters of ASCII or of Unicode."""
    told, other = (
        re.sub(fiscal_code_regex(), replacement(), text, flags=flag)
        for flag in (re.ASCII, re.UNICODE)
    )
    assert told == other
    return told


@pytest.mark.parametrize("code", ["AAAAAA00A00A000A", "rssmra80a01h501u", "RSSMRAULALMHLMLU"])
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "https://host/api/v1/messages/{}",
        "https://host/api/v1/messages/{}/01JDQ3V5T8W9X0Y1Z2A3B4C5D6",
        "https://host/x?citizen={}&other={}",
        "https://host/x?citizen={},{}",
        "https%3A%2F%2Fhost%2Fmessages%2F{}%2F01J",
        "https%253a%252f%252fhost%252fmessages%252f{}%252f01J",
        '{{"http.url":"/{}","x":"{}"}}',
        '{{"told":"{{\\"code\\":\\"{}\\"}}"}}',
        '{{"told":"\\u0022{}\\u0022"}}',
        '{{"told":"one\\n{}\\ntwo\\t{}"}}',
        "one\n{}\n{}",
        "citizen_{}_",
        "perché{}è",
        "'{}' is not known",
        "<{}>",
    ],
)
def test_fiscal_codes_are_masked_wherever_they_stand(code: str, text: str) -> None:
    """A fiscal code is masked in either case, with letters for digits, and no other text is."""
    assert masked(text.format(*[code] * text.count("{}"))) == text.format(
        *[MASK] * text.count("{}")
    )


def test_identifiers_are_not_taken_for_fiscal_codes() -> None:
    """Operators look for message ids and trace ids, which therefore stay as they are."""
    dice = random.Random(0)
    for at in range(11):
        around = "".join(dice.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(10))
        ulid = f"{around[:at]}AAAAAA00A00A000A{around[at:]}"
        assert len(ulid) == 26
        for text in (ulid, ulid.lower(), f"/messages/{ulid}", f"messages%2F{ulid}", f'"{ulid}"'):
            assert masked(text) == text
    for at in range(17):
        around = "".join(dice.choice("0123456789abcdef") for _ in range(16))
        trace = f"{around[:at]}abcdef01a23b456c{around[at:]}"
        assert len(trace) == 32
        for text in (trace, f"00-{trace}-00f067aa0ba902b7-01", f"trace_id={trace}"):
            assert masked(text) == text


def query_rules() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the file and the properties of each rule that queries the workspace."""
    for name, _, given in resources("Microsoft.Insights/scheduledQueryRules"):
        yield name, given["properties"]


def test_an_alert_does_not_wait_for_its_table() -> None:
    """A new workspace has no telemetry: the deployment creates the rule all the same."""
    rules = list(query_rules())
    queries = [
        alert["query"] for alert in module("functions-alerts")["variables"]["alerts"]["value"]
    ]
    tables = {re.match(r"\w+", query)[0] for query in queries}  # type: ignore[index]

    assert {name for name, _ in rules} == {"functions-alerts.bicep", "monitoring.bicep"}
    assert all(properties["skipQueryValidation"] is True for _, properties in rules)
    assert tables | set(TEXT) == set(declarations()["tables"])
    assert loops_over("monitoring", "tables") == str(accessor("declarations", "tables"))


def test_only_queue_functions_end_the_alert_about_stalled_messages() -> None:
    """A request writes SCHEDULED, HELD or WITHDRAWN although the queues may stand still."""
    alerts = module("functions-alerts")["variables"]["alerts"]["value"]
    (stalled,) = (one for one in alerts if one["name"] == "stalled")
    settled = stalled["query"].split("Settled = ")[1]

    assert re.findall(r'"([A-Z]+)"', settled) == ["PROCESSED", "REJECTED", "FAILED"]
    assert "!=" not in settled


def test_no_window_is_as_short_as_telemetry_is_late() -> None:
    """Windows overlap, so that a rule also sees telemetry that arrives late."""
    written = (AZURE / "modules" / "functions-alerts.bicep").read_text()
    pattern = re.compile(
        r"windowSize: (?:quarterHourly \? '(\w+)' : )?'(\w+)'\n"
        r"    frequency: (?:quarterHourly \? '(\w+)' : )?'(\w+)'"
    )
    windows = []
    for thrifty_window, window, thrifty, every in pattern.findall(written):
        windows += [(window, every), (thrifty_window or window, thrifty or every)]
    alerts = module("functions-alerts")["variables"]["alerts"]["value"]
    assert len(windows) == 2 * len(alerts)
    windows += [
        (properties["windowSize"], properties["evaluationFrequency"])
        for _, properties in query_rules()
        if isinstance(properties["windowSize"], str) and properties["windowSize"].startswith("PT")
    ]
    minutes = {"PT5M": 5, "PT10M": 10, "PT15M": 15, "PT30M": 30, "PT1H": 60}

    assert len(windows) == 2 * len(alerts) + 1
    for window, every in windows:
        assert minutes[window] >= max(15, 2 * minutes[every]), (window, every)


def test_a_partition_near_its_limit_is_not_hidden_in_a_mean() -> None:
    """Each partition of each container is a series of its own."""
    watched = module("cosmos")["variables"]["ofPartitions"]["value"]
    alerts = {alert["name"]: alert for alert in watched}

    assert {one["name"] for one in alerts["near-its-limit"]["dimensions"]} == {
        "CollectionName",
        "PartitionKeyRangeId",
    }


def test_telemetry_runs_in_azure_as_it_is_tested() -> None:
    """The exporter sends no reports on itself, and the host's traces join those of the app."""
    assert app_settings().items() >= IN_AZURE.items()
    assert app_settings()["OTEL_TRACES_SAMPLER"] == "microsoft.fixed_percentage"
    assert app_settings()["OTEL_TRACES_SAMPLER_ARG"] == "hostTraceRatio"
    assert app_settings()["TRACES_RATIO"] == "traceRatio"


def test_runbooks_ask_for_what_is_stored() -> None:
    """The exporter keeps no standard attributes, and rows of both kinds have no address."""
    text = (ROOT / "infra" / "runbooks.md").read_text()

    assert "isempty(Url)" not in text
    assert not re.search(r'Properties\["(?:messaging|http|error)\.', text)
    # the app's own calls of other services have a name, and no target
    assert all("Name" in query for query in re.findall(r"AppDependencies.+", text))


def test_parameters_that_runbooks_name_can_be_changed() -> None:
    """Parameters that runbooks name reach main.bicep from the environment."""
    text = (AZURE / "main.bicep").read_text()
    parameters = (AZURE / "main.bicepparam").read_text()
    given = set(re.findall(r"^param (\w+) =", parameters, re.MULTILINE))
    named = {
        name
        for file in ("README.md", "runbooks.md")
        for name in re.findall(r"`([a-z]+[A-Z]\w*)`", (ROOT / "infra" / file).read_text())
    }
    limits = set(re.findall(r"^  (\w+): \d+$", text, re.MULTILINE))

    assert "queueWaitSeconds" in limits
    assert named & set(parsed(AZURE / "main.bicep")["parameters"]) <= given
    assert {"samplingPercentage", "logDailyCapGb", "thresholds", "updateStrategy"} <= given
    assert named <= given | limits, named - given - limits


def test_every_text_the_host_may_write_is_masked_before_it_is_stored() -> None:
    """The workspace has the rule for each column of each table that holds texts."""
    flow = only("Microsoft.Insights/dataCollectionRules")
    transformations = {one["table"]: one["kql"] for one in declarations()["transformations"]}

    assert flow["kind"] == "WorkspaceTransforms"
    assert flow["properties"]["dataFlows"]["config"]["transformKql"] == accessor(
        "transformation", "kql"
    )
    assert set(transformations) == set(TEXT) == set(DYNAMIC)
    assert {"AppRequests", "AppDependencies", "AppTraces", "AppExceptions"} <= set(transformations)
    for table, kql in transformations.items():
        columns = {*TEXT[table], *DYNAMIC[table]}
        assert set(re.findall(r"(\w+) = (?:parse_json\()?replace_regex", kql)) == columns
        assert kql.count(fiscal_code_regex()) == len(columns)
    assert "Url" in TEXT["AppRequests"]
    masked = module("monitoring")["modules"]["masked"]
    assert config(masked)["params"]["transformationRuleId"] == accessor("mask", "id")


def test_no_diagnostic_log_holds_addresses_or_partition_keys() -> None:
    """The categories with addresses and partition keys, which name citizens, are not chosen."""
    chosen = {
        (given["scope"], log["category"])
        for _, _, given in resources("Microsoft.Insights/diagnosticSettings")
        for log in given["properties"]["logs"]
    }

    assert chosen == {
        ("account", "ControlPlaneRequests"),
        ("blobs", "StorageDelete"),
        ("vault", "AuditEvent"),
    }
