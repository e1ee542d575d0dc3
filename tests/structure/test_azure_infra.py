"""Holds infra/azure to the code: containers, queues, settings, alerts, roles, what is masked.

The Bicep compiler is not at hand everywhere; the parser that the checks use is, and what it
reads is enough to see that names meet.
"""

import json
import random
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pycep import BicepParser

from infra.azure.check import WATCHED, problems
from infra.azure.declarations import DYNAMIC, MASK, TEXT, fiscal_code_regex, printed, replacement
from infra.costs.bill import DEDICATED
from infra.costs.data import read_data
from lib import queues
from lib.queues import POISON_SUFFIX
from lib.schema import CONTAINERS
from lib.settings import SET_BY_THE_PLATFORM, Settings
from tests.telemetry import IN_AZURE

ROOT = Path(__file__).parents[2]
AZURE = ROOT / "infra" / "azure"
FILES = sorted(AZURE.rglob("*.bicep"))
MAX_LINES = 250
PARSER = BicepParser()

NOT_IN_AZURE = {
    "DATA_FOLDER": "the embedded stack's",
    "SANDBOX": "refused in Azure",
    "COSMOS_KEY": "an emulator's",
    "AzureWebJobsStorage": "an emulator's",
}
FOR_OTHERS = {
    "AzureWebJobsStorage__credential": "how the triggers' connection authenticates",
    "AzureWebJobsStorage__clientId": "as whom",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "as whom its telemetry goes out",
    "PYTHON_ENABLE_OPENTELEMETRY": "the host's span is handed to the app",
    "OTEL_TRACES_SAMPLER": "read by the OpenTelemetry SDK",
    "OTEL_TRACES_SAMPLER_ARG": "read by the OpenTelemetry SDK",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "read by the exporter",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "read by the exporter",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "read by the exporter",
}
ALERTS = ("Microsoft.Insights/metricAlerts", "Microsoft.Insights/scheduledQueryRules")


@cache
def parsed(path: Path) -> dict[str, Any]:
    """Parse one file."""
    return dict(PARSER.parse(text=path.read_text()))


def module(name: str) -> dict[str, Any]:
    """Parse one of modules/."""
    return parsed(AZURE / "modules" / f"{name}.bicep")


def config(resource: dict[str, Any]) -> dict[str, Any]:
    """Return what a resource or module is given, within its condition or loop."""
    inner = resource["config"]
    while "config" in inner and ("condition" in inner or "loop_type" in inner):
        inner = inner["config"]
    return dict(inner)


def resources(kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Walk all resources of a type: file, symbol, what it is given."""
    for path in FILES:
        for symbol, resource in parsed(path).get("resources", {}).items():
            if resource["type"] == kind and not resource["existing"]:
                yield path.name, symbol, config(resource)


def only(kind: str) -> dict[str, Any]:
    """Return what the one resource of a type is given."""
    ((_, _, given),) = resources(kind)
    return given


def accessor(first: str, second: str) -> dict[str, Any]:
    """Write `first.second` as the parser does."""
    operands = {"operand_1": first, "operand_2": second}
    return {"operator": {"type": "property_accessor", "operands": operands}}


def declarations() -> dict[str, Any]:
    """Read what Bicep reads."""
    read: dict[str, Any] = json.loads((AZURE / "declarations.json").read_text())
    return read


def loops_over(name: str, symbol: str) -> str:
    """Return what a resource of a module loops over, as the parser tells it."""
    return str(module(name)["resources"][symbol]["config"]["loop_type"]["detail"]["array_name"])


def app_settings() -> dict[str, Any]:
    """Return the app's settings and their values."""
    listed = only("Microsoft.Web/sites")["properties"]["siteConfig"]["appSettings"]
    joined = listed["function"]["parameters"]
    assert joined["arg_2"] == "mailSettings"
    of_mail = module("mail")["outputs"]["settings"]["value"]
    return {setting["name"]: setting["value"] for setting in (*joined["arg_1"], *of_mail)}


def texts(value: Any) -> Iterator[str]:
    """Walk all texts in what the parser returns."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_parses_and_fits_on_a_few_screens(path: Path) -> None:
    """What cannot be parsed is checked by nobody."""
    assert parsed(path)["globals"]["scope"]["value"] in {"subscription", "resourceGroup"}
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_declarations_are_checked_in_as_declared() -> None:
    """`make infra-json` writes them anew when this fails."""
    assert (AZURE / "declarations.json").read_text() == printed()


def test_containers_are_those_of_the_schema() -> None:
    """Name, partition key and time to live, in both directions."""
    assert {
        (one["name"], one["partitionKey"], one["defaultTtl"])
        for one in declarations()["containers"]
    } == {
        (one.name, f"/{one.partition_key}", -1 if one.default_ttl is None else one.default_ttl)
        for one in CONTAINERS
    }


def test_a_container_indexes_what_is_declared_and_nothing_else() -> None:
    """The partition key and each indexed field; composite indexes ascending, key to id."""
    policies = {one["name"]: one["indexingPolicy"] for one in declarations()["containers"]}

    for container in CONTAINERS:
        policy = policies[container.name]
        assert policy["indexingMode"] == "consistent"
        assert policy["excludedPaths"] == [{"path": "/*"}]
        queried = (container.partition_key, *container.indexed) if container.indexed else ()
        assert policy["includedPaths"] == [{"path": f"/{name}/?"} for name in queried]
        assert {order["order"] for index in policy["compositeIndexes"] for order in index} <= {
            "ascending"
        }
        assert [
            tuple(order["path"] for order in index) for index in policy["compositeIndexes"]
        ] == [
            (f"/{container.partition_key}", *(f"/{name}" for name in fields))
            + (() if fields[-1] == "id" else ("/id",))
            for fields in container.composite
        ]


def test_cosmos_makes_the_containers_that_are_declared() -> None:
    """The module takes each property from the declarations."""
    given = only("Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers")
    resource = given["properties"]["resource"]

    assert loops_over("cosmos", "containers") == str(accessor("declarations", "containers"))
    assert given["name"] == resource["id"] == accessor("container", "name")
    assert resource["partitionKey"] == {
        "paths": [accessor("container", "partitionKey")],
        "kind": "Hash",
        "version": 2,
    }
    assert resource["defaultTtl"] == accessor("container", "defaultTtl")
    assert resource["indexingPolicy"] == accessor("container", "indexingPolicy")


def test_what_has_its_own_throughput_is_a_container() -> None:
    """A renamed container does not fall back to the shared throughput in silence."""
    dedicated = module("cosmos")["variables"]["dedicated"]["value"]

    assert set(dedicated) <= {container.name for container in CONTAINERS}
    assert dedicated


def test_queues_are_those_of_the_code_each_with_its_poison_queue() -> None:
    """Nothing is put where there is no queue."""
    names = {
        value
        for name, value in vars(queues).items()
        if name.isupper() and isinstance(value, str) and name != "POISON_SUFFIX"
    }

    assert set(declarations()["queues"]) == names | {f"{name}{POISON_SUFFIX}" for name in names}
    assert loops_over("storage", "queues") == str(accessor("declarations", "queues"))
    assert only("Microsoft.Storage/storageAccounts/queueServices/queues")["name"] == "queue"


def test_the_app_gets_every_setting_and_no_other() -> None:
    """A new setting is given here, or named with the reason why not."""
    ours = {
        str(field.validation_alias or name.upper())
        for name, field in Settings.model_fields.items()
        if name not in SET_BY_THE_PLATFORM
    }

    assert set(NOT_IN_AZURE) <= ours
    assert set(app_settings()) | set(NOT_IN_AZURE) == ours | set(FOR_OTHERS)
    assert not set(app_settings()) & set(NOT_IN_AZURE)


def test_an_operator_who_changes_nothing_gets_the_apps_own_defaults() -> None:
    """A default is not written twice with two values."""
    parameters = parsed(AZURE / "main.bicep")["parameters"]
    defaults = {
        "senderCacheSeconds": "sender_cache_seconds",
        "rejectedRetentionDays": "rejected_retention_days",
        "minAppVersionWithReadAuth": "min_app_version_with_read_auth",
        "cosmosDatabase": "cosmos_database",
    }

    assert {name: parameters[name]["default"] for name in defaults} == {
        name: Settings.model_fields[field].default for name, field in defaults.items()
    }


def test_what_is_priced_is_what_is_deployed() -> None:
    """The cost model's inputs and the defaults are the same; what the bill leaves out is off."""
    given = read_data().assumptions
    main = parsed(AZURE / "main.bicep")["parameters"]
    defaults = {name: one["default"] for name, one in main.items()}
    priced = {
        "instanceMemoryMB": "instance_mb",
        "messagesMaxThroughput": "messages_max_throughput",
        "sharedMaxThroughput": "shared_max_throughput",
        "logDailyCapGb": "log_daily_cap_gb",
    }

    assert {name: defaults[name] for name in priced} == {
        name: given[field] for name, field in priced.items()
    }
    assert defaults["cosmosBackupTier"] == f"Continuous{given['backup_days']}Days"
    assert Decimal(defaults["traceRatio"]) == given["app_kept"]
    assert module("cosmos")["variables"]["dedicated"]["value"] == list(DEDICATED)
    # its price has availability zones for documents; no second region, no instance that waits
    assert defaults["cosmosZoneRedundant"] is True
    assert len(defaults["cosmosRegions"]) == 1
    assert defaults["alwaysReady"] == []
    assert defaults["zoneRedundantApp"] is False
    assert defaults["samplingPercentage"] == 100
    account = only("Microsoft.DocumentDB/databaseAccounts")["properties"]
    assert account["consistencyPolicy"]["defaultConsistencyLevel"] == "BoundedStaleness"


def test_secrets_reach_the_app_through_the_vault_alone() -> None:
    """No key and no secret is written down, asked of Azure, or passed in the open."""
    for name in ("KEY_HASH_SECRET", "PSEUDONYM_SECRET"):
        assert app_settings()[name].startswith("@Microsoft.KeyVault(SecretUri=${")
    hub = str(app_settings()["NOTIFICATION_HUB_CONNECTION"])
    assert "@Microsoft.KeyVault(SecretUri=${hub.connectionUri})" in hub
    for name in ("SMTP_PASSWORD", "LINK_SECRET"):
        given = {one for one in texts(app_settings()[name]) if one.startswith("@")}
        assert [one.partition("=")[0] for one in given] == ["@Microsoft.KeyVault(SecretUri"]
    for path in FILES:
        text = path.read_text()
        asked = re.findall(r"(\w+): .*(?:listKeys|listSecrets)", text)
        # a hub knows no identity: its key goes from Azure into the vault
        assert asked == (["value"] if path.name == "notifications.bicep" else [])
        assert not re.search(r"AccountKey=|SharedAccess|sig=", text)
        assert [
            one for one in texts(parsed(path)) if re.fullmatch(r"[A-Za-z0-9+/]{32,}=*", one)
        ] == []
        for name, parameter in parsed(path).get("parameters", {}).items():
            secret = name.endswith("Secret") or (path.name == "secret.bicep" and name == "value")
            kinds = {decorator["type"] for decorator in parameter["decorators"]}
            assert ("secure" in kinds) == secret, (path.name, name)


def test_keys_are_switched_off() -> None:
    """What has keys takes none."""
    storage = only("Microsoft.Storage/storageAccounts")["properties"]
    cosmos = only("Microsoft.DocumentDB/databaseAccounts")["properties"]
    insights = only("Microsoft.Insights/components")["properties"]
    vault = only("Microsoft.KeyVault/vaults")["properties"]
    policies = {
        given["name"]: given["properties"]
        for _, _, given in resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    }

    assert storage["allowSharedKeyAccess"] is False
    assert storage["allowBlobPublicAccess"] is False
    assert storage["defaultToOAuthAuthentication"] is True
    assert cosmos["disableLocalAuth"] is True
    assert cosmos["disableKeyBasedMetadataWriteAccess"] is True
    assert insights["DisableLocalAuth"] is True
    assert vault["enableRbacAuthorization"] is True
    assert vault["enablePurgeProtection"] is True
    assert policies == {"ftp": {"allow": False}, "scm": {"allow": False}}


def test_the_identity_may_do_what_it_must_and_no_more() -> None:
    """Each role is named once, on one resource, under a name that stays the same."""
    granted = {
        (given["scope"], str(given["properties"]["roleDefinitionId"]))
        for _, _, given in resources("Microsoft.Authorization/roleAssignments")
    }
    roles = module("roles")["variables"]

    assert {
        (scope, next(role for role in roles if f"'{role}'" in used)) for scope, used in granted
    } == {
        ("storage", "blobDataOwner"),
        ("storage", "queueDataContributor"),
        ("vault", "secretsUser"),
        ("insights", "metricsPublisher"),
    }
    documents = only("Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments")
    assert documents["properties"]["scope"] == "${cosmos.id}/dbs/${databaseName}"
    names = [
        given["name"]["function"]["type"]
        for kind in (
            "Microsoft.Authorization/roleAssignments",
            "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments",
        )
        for _, _, given in resources(kind)
    ]
    assert names == ["guid"] * len(names)


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
        alerts = parsed(path).get("variables", {}).get("alerts", {}).get("value", [])
        found += [alert["description"] for alert in alerts]
    return found


def test_every_alert_says_what_to_do_and_nothing_is_explained_in_vain() -> None:
    """Each alert ends with the place in the runbooks; each place there has its alert."""
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
    """Mask as the workspace does; its engine may take letters to be ASCII's or Unicode's."""
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
    """As words: in either case, with letters for digits, and nothing else is touched."""
    assert masked(text.format(*[code] * text.count("{}"))) == text.format(
        *[MASK] * text.count("{}")
    )


def test_identifiers_are_not_taken_for_fiscal_codes() -> None:
    """Message ids and trace ids are what operators look for, whatever they have in them."""
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
    """Walk all rules that ask the workspace: file, properties."""
    for name, _, given in resources("Microsoft.Insights/scheduledQueryRules"):
        yield name, given["properties"]


def test_an_alert_does_not_wait_for_its_table() -> None:
    """A new workspace has no telemetry: the rule is made all the same, and so is its table."""
    rules = list(query_rules())
    queries = [
        alert["query"] for alert in module("functions-alerts")["variables"]["alerts"]["value"]
    ]
    tables = {re.match(r"\w+", query)[0] for query in queries}  # type: ignore[index]

    assert {name for name, _ in rules} == {"functions-alerts.bicep", "monitoring.bicep"}
    assert all(properties["skipQueryValidation"] is True for _, properties in rules)
    assert tables | set(TEXT) == set(declarations()["tables"])
    assert loops_over("monitoring", "tables") == str(accessor("declarations", "tables"))


def test_no_window_is_as_short_as_telemetry_is_late() -> None:
    """What arrives after its window was looked at is never seen, unless windows overlap."""
    alerts = module("functions-alerts")["variables"]["alerts"]["value"]
    windows = [(alert["windowSize"], alert["frequency"]) for alert in alerts]
    windows += [
        (properties["windowSize"], properties["evaluationFrequency"])
        for _, properties in query_rules()
        if isinstance(properties["windowSize"], str) and properties["windowSize"].startswith("PT")
    ]
    minutes = {"PT5M": 5, "PT10M": 10, "PT15M": 15, "PT30M": 30, "PT1H": 60}

    assert len(windows) == len(alerts) + 1
    for window, every in windows:
        assert minutes[window] >= max(15, 2 * minutes[every]), (window, every)


def test_a_partition_near_its_limit_is_not_hidden_in_a_mean() -> None:
    """Each partition of each container is a series of its own."""
    alerts = {alert["name"]: alert for alert in module("cosmos")["variables"]["alerts"]["value"]}

    assert {one["name"] for one in alerts["near-its-limit"]["dimensions"]} == {
        "CollectionName",
        "PartitionKeyRangeId",
    }


def test_a_closed_app_admits_the_test_that_looks_at_it() -> None:
    """The service tag is admitted where the app is closed and the test asks it directly."""
    text = (AZURE / "modules" / "functions.bicep").read_text()
    given = only("Microsoft.Web/sites")["properties"]["siteConfig"]["ipSecurityRestrictions"]
    (tag,) = given["function"]["parameters"]["arg_2"]["operator"]["operands"]["true_value"]

    assert (tag["tag"], tag["ipAddress"]) == ("ServiceTag", "ApplicationInsightsAvailability")
    assert (
        "var looksItself = withAvailabilityTest && !empty(callers) && empty(frontHostName)" in text
    )


def test_the_gateway_keeps_off_our_senders_keys() -> None:
    """Its own subscription keys go by names that the API does not have."""
    api = only("Microsoft.ApiManagement/service/apis")["properties"]
    names = api["subscriptionKeyParameterNames"]
    ours = (ROOT / "infra" / "openapi.json").read_text().lower()

    assert set(names) == {"header", "query"}
    for name in names.values():
        assert name.lower() not in {"ocp-apim-subscription-key", "subscription-key"}
        assert name.lower() not in ours


def test_packages_are_not_deleted_by_age() -> None:
    """A version's age is not how long ago it was replaced."""
    policy = only("Microsoft.Storage/storageAccounts/managementPolicies")["properties"]["policy"]
    (rule,) = policy["rules"]
    prefixes = rule["definition"]["filters"]["prefixMatch"]

    assert prefixes
    assert all(prefix.startswith("azure-webjobs-") for prefix in prefixes)
    assert set(rule["definition"]["actions"]) == {"version"}


def test_production_runs_on_no_preview() -> None:
    """RollingUpdate is one, until it is not."""
    assert parsed(AZURE / "main.bicep")["parameters"]["updateStrategy"]["default"] == "Recreate"
    assert "'UPDATE_STRATEGY', 'Recreate'" in (AZURE / "main.bicepparam").read_text()


def test_telemetry_runs_in_azure_as_it_is_tested() -> None:
    """What keeps the exporter's reports on itself at home, and joins the host's traces to ours."""
    assert app_settings().items() >= IN_AZURE.items()
    assert app_settings()["OTEL_TRACES_SAMPLER"] == "traceidratio"


def test_runbooks_ask_for_what_is_stored() -> None:
    """The exporter keeps no messaging attributes, and rows of both kinds have no address."""
    text = (ROOT / "infra" / "runbooks.md").read_text()

    assert "isempty(Url)" not in text
    assert not re.search(r'Properties\["(?:messaging|http)\.', text)


def test_what_runbooks_tell_to_change_can_be_changed() -> None:
    """Parameters named there reach main.bicep from the environment; thresholds as one."""
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
    """The workspace has the rule, for each table and each column of it that holds texts."""
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
    """Categories are chosen one by one: both would name citizens."""
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


def module_calls() -> Iterator[tuple[Path, str, Path, dict[str, Any]]]:
    """Walk all uses of a module: file, symbol, the module's file, what it is given."""
    for path in FILES:
        for symbol, call in parsed(path).get("modules", {}).items():
            yield path, symbol, path.parent / call["detail"]["path"], config(call)


def test_a_module_gets_the_parameters_it_has() -> None:
    """All that it needs, and none that it does not know."""
    for path, symbol, target, given in module_calls():
        parameters = parsed(target)["parameters"]
        needed = {name for name, one in parameters.items() if one.get("default") is None}
        passed = set(given.get("params", {}))
        assert needed <= passed <= set(parameters), (path.name, symbol)


def test_outputs_that_are_read_exist() -> None:
    """A module gives what others take from it."""
    targets = {(path, symbol): target for path, symbol, target, _ in module_calls()}

    for path in FILES:
        for symbol, name in re.findall(r"\b(\w+)!?\.outputs\.(\w+)", path.read_text()):
            assert name in parsed(targets[path, symbol])["outputs"], (path.name, symbol, name)


def test_nothing_is_declared_for_nobody() -> None:
    """Every parameter, variable, module and output is used, and every module file is."""
    read = {name for path in FILES for name in re.findall(r"\.outputs\.(\w+)", path.read_text())}
    used = {target for _, _, target, _ in module_calls()}

    assert set(FILES) == used | {AZURE / "main.bicep"}
    for path in FILES:
        code = re.sub(r"(?m)^ *//.*", "", path.read_text())
        for name in (*parsed(path).get("parameters", {}), *parsed(path).get("variables", {})):
            assert len(re.findall(rf"\b{name}\b", code)) > 1, (path.name, name)
        if path.name != "main.bicep":
            assert set(parsed(path).get("outputs", {})) <= read, path.name


def test_the_parameter_file_fits() -> None:
    """It gives all that main.bicep needs, and nothing it does not know."""
    parameters = parsed(AZURE / "main.bicep")["parameters"]
    text = (AZURE / "main.bicepparam").read_text()
    given = set(re.findall(r"^param (\w+) =", text, re.MULTILINE))

    assert {name for name, one in parameters.items() if one.get("default") is None} <= given
    assert given <= set(parameters)


def test_no_module_comes_from_a_registry() -> None:
    """What is deployed is what is checked here."""
    assert {
        call["type"] for path in FILES for call in parsed(path).get("modules", {}).values()
    } == {"local"}


def a_report(**results: Any) -> dict[str, Any]:
    """Write a report as checkov does, in which all that is watched has passed."""
    return {"results": {"passed_checks": [{"resource": name} for name in WATCHED], **results}}


def a_check(comment: str = "") -> dict[str, Any]:
    """Write one check of a report."""
    return {
        "check_id": "CKV_AZURE_1",
        "check_name": "a check",
        "check_result": {"suppress_comment": comment},
        "file_path": "/main.bicep",
        "file_line_range": [1, 2],
        "resource": "a resource",
    }


@pytest.mark.parametrize(
    ("report", "log", "says"),
    [
        (a_report(parsing_errors=["main.bicep"]), "", "not parsed: main.bicep"),
        (a_report(failed_checks=[a_check()]), "", "failed: CKV_AZURE_1"),
        (a_report(skipped_checks=[a_check("no")]), "", "skipped without a reason"),
        (a_report(), "Failed to run check CKV_AZURE_1", "crashed: "),
        ({}, "", f"not looked at: {WATCHED[0]}"),
    ],
)
def test_a_check_that_did_not_look_does_not_pass(
    report: dict[str, Any], log: str, says: str
) -> None:
    """Checkov is silent about all but the second of these."""
    assert problems(report, log)[0].startswith(says)
    assert problems(a_report(skipped_checks=[a_check("a reason of words")]), "") == []
