"""Holds infra/azure to the code: containers, queues, settings, prices, secrets, roles, modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions import BODY_LIMITS, ENDPOINTS
from infra.azure.check import WATCHED, problems
from infra.azure.declarations import printed
from infra.costs.model.data import read_data
from infra.costs.model.deployment import SETS, read_deployment
from infra.costs.model.throughput import DEDICATED
from lib.adapters.azure.cosmos_query import to_sql
from lib.composition.settings import SET_BY_THE_PLATFORM, Settings
from lib.ports import schema
from lib.ports.documents import Condition, Query
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing import names as queues
from lib.ports.schema import CONTAINERS
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
    texts,
)

MAX_LINES = 250

NOT_IN_AZURE = {
    "DATA_FOLDER": "the embedded stack's",
    "SANDBOX": "refused in Azure",
    "COSMOS_KEY": "an emulator's",
    "AzureWebJobsStorage": "an emulator's",
}
FOR_OTHERS = {
    "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "what the platform reads of a body",
    "AzureWebJobsStorage__accountName": "the triggers' account, for the host",
    "AzureWebJobsStorage__credential": "how the triggers' connection authenticates",
    "AzureWebJobsStorage__clientId": "as whom",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "as whom its telemetry goes out",
    "PYTHON_ENABLE_OPENTELEMETRY": "the host's span is handed to the app",
    "OTEL_TRACES_SAMPLER": "read by the host",
    "OTEL_TRACES_SAMPLER_ARG": "read by the host",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "read by the exporter",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "read by the exporter",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "read by the exporter",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_parses_and_fits_on_a_few_screens(path: Path) -> None:
    """What cannot be parsed is checked by nobody."""
    assert parsed(path)["globals"]["scope"]["value"] in {"subscription", "resourceGroup"}
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_declarations_are_checked_in_as_declared() -> None:
    """`make generate` writes them anew when this fails."""
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
    """The partition key and indexed fields where there are queries, swept ones, composites."""
    policies = {one["name"]: one["indexingPolicy"] for one in declarations()["containers"]}

    for container in CONTAINERS:
        policy = policies[container.name]
        assert policy["indexingMode"] == "consistent"
        assert policy["excludedPaths"] == [{"path": "/*"}]
        queried = (container.partition_key, *container.indexed) if container.composite else ()
        looked_at = dict.fromkeys((*queried, *container.swept))
        assert policy["includedPaths"] == [{"path": f"/{name}/?"} for name in looked_at]
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


def queried_containers() -> set[str]:
    """Return the containers that the code queries, as named in its calls of `query`."""
    named = {
        call.args[0].id
        for path in (ROOT / "lib").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "query"
        and call.args
        and isinstance(call.args[0], ast.Name)
    }
    return {getattr(schema, name).name for name in named if name.isupper()}


def test_a_container_that_is_queried_indexes_its_partition_key() -> None:
    """Without, a query of one partition key reads everything beside it in the physical partition.

    The composite index holds the key and the id, by which a page is ordered and ends.
    """
    policies = {one["name"]: one["indexingPolicy"] for one in declarations()["containers"]}
    queried = queried_containers()

    assert {"messages", "schedule", "statistics", "dead-letters"} <= queried
    for container in CONTAINERS:
        policy, key = policies[container.name], container.partition_key
        indexes = [[order["path"] for order in index] for index in policy["compositeIndexes"]]
        if container.name in queried:
            assert {"path": f"/{key}/?"} in policy["includedPaths"], container.name
            assert indexes, container.name
            assert all(index[0] == f"/{key}" and index[-1] == "/id" for index in indexes)
        else:
            # an index that serves nothing makes every write dearer
            swept = [{"path": f"/{name}/?"} for name in container.swept]
            assert policy["includedPaths"] == swept, container.name
            assert not indexes, container.name


def test_a_query_by_id_orders_by_the_composite_index() -> None:
    """Cosmos DB uses an index of key and id for an order of key and id, and for no other."""
    for container in (schema.SCHEDULE, schema.STATISTICS):
        text, _ = to_sql(container, Query("p", limit=1, where=(Condition("id", "<", "x"),)))
        key = container.partition_key
        assert text.endswith(f'ORDER BY c["{key}"] ASC, c["id"] ASC')


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
    checks = {
        "acrValues": "citizen_token_acr_values",
        "scope": "citizen_token_scope",
        "maxSeconds": "citizen_token_max_seconds",
        "minimumAge": "citizen_minimum_age",
        "fiscalCodeClaims": "citizen_token_fiscal_code_claims",
        "nameClaims": "citizen_token_name_claims",
        "familyNameClaims": "citizen_token_family_name_claims",
        "birthDateClaims": "citizen_token_birth_date_claims",
    }
    assert parameters["citizenTokenChecks"]["default"] == {
        name: Settings.model_fields[field].default for name, field in checks.items()
    }


@pytest.mark.parametrize("name", SETS)
def test_what_is_priced_is_what_is_deployed(name: str) -> None:
    """The cost model reads the sets themselves; what it cannot read of Bicep it has as numbers."""
    deployment, given = read_deployment(name), read_data().assumptions
    alerts = module("functions-alerts")["variables"]["alerts"]["value"]
    written = (AZURE / "modules" / "functions-alerts.bicep").read_text()
    cosmos = module("cosmos")["variables"]

    assert cosmos["dedicated"]["value"] == list(DEDICATED)
    assert len(alerts) == given["alerts_often"] + given["alerts_seldom"]
    assert written.count("'PT15M' : 'PT5M'") == given["alerts_often"]
    assert written.count("'PT15M' : 'PT10M'") == given["alerts_seldom"]
    # storage's own alert stands beside those of documents that are always there
    assert len(cosmos["alerts"]["value"]) + 1 == given["metric_series_always"]
    links = module("network")["variables"]["links"]["value"]
    assert len(links) == given["private_endpoints"] == given["private_zones"]
    gateway = only("Microsoft.ApiManagement/service")["sku"]
    assert gateway == {"name": "BasicV2", "capacity": 1}
    assert "Basic v2" in read_data().prices["api_management_month"].unit
    assert "hubTier" in (AZURE / "modules" / "options.bicep").read_text()
    assert read_data().assumptions["poll_seconds"] == 2
    assert '"maxPollingInterval": "00:00:02"' in (ROOT / "host.json").read_text()
    # its price has no second region and no second zone for instances
    assert deployment.count("cosmosRegions") == 1
    assert not deployment.has("zoneRedundantApp")
    assert deployment.number("samplingPercentage") == 100
    account = only("Microsoft.DocumentDB/databaseAccounts")["properties"]
    assert account["consistencyPolicy"]["defaultConsistencyLevel"] == "BoundedStaleness"
    assert (
        "enableBurstCapacity: (mode == 'serverless') ? null : true"
        in (AZURE / "modules" / "cosmos.bicep").read_text()
    )


def test_both_sets_choose_the_same_parameters() -> None:
    """What differs is a value, to be seen side by side; production leaves no door open."""
    texts_ = {name: (AZURE / file).read_text() for name, file in SETS.items()}
    given = {
        name: re.findall(r"^param (\w+) =", text, re.MULTILINE) for name, text in texts_.items()
    }
    small, production = map(read_deployment, SETS)

    assert given["small"] == given["production"]
    assert production.has("withPrivateNetwork")
    assert production.has("withResourceLocks")
    assert production["blobRole"] == "Contributor"
    assert production["cosmosMode"] == "autoscale"
    assert production.has("cosmosZoneRedundant")
    assert not small.has("withPrivateNetwork")
    # who chooses nothing gets small, by the parameter file and without one
    bicep = {
        name: one["default"] for name, one in parsed(AZURE / "main.bicep")["parameters"].items()
    }
    for name in given["small"]:
        if name in small.values and isinstance(bicep[name], (int, bool)):
            assert small[name] == str(bicep[name]).lower(), name


def test_readme_tells_every_difference_of_the_sets() -> None:
    """What small leaves open and production does not is said, by the variable's name."""
    readme = (ROOT / "infra" / "README.md").read_text()
    lines = {
        name: dict(re.findall(r"readEnvironmentVariable\('(\w+)', '([^']*)'\)", text))
        for name, text in ((name, (AZURE / file).read_text()) for name, file in SETS.items())
    }
    _, _, section = readme.partition("### Small and production")
    section = section.partition("\n### ")[0]

    for variable, value in lines["small"].items():
        if lines["production"][variable] != value:
            assert f"`{variable}`" in section, variable


def test_locks_hold_what_has_data() -> None:
    """Storage, documents and secrets cannot be deleted; nothing is made read-only."""
    held = {
        given["scope"]: given["properties"]["level"]
        for _, _, given in resources("Microsoft.Authorization/locks")
    }

    assert held == dict.fromkeys(("storage", "cosmos", "vault"), "CanNotDelete")


def test_secrets_reach_the_app_through_the_vault_alone() -> None:
    """No key and no secret is written down, asked of Azure, or passed in the open."""
    for name in ("KEY_HASH_SECRET", "PSEUDONYM_SECRET"):
        assert app_settings()[name].startswith("@Microsoft.KeyVault(SecretUri=${")
    hub = str(app_settings()["NOTIFICATION_HUB_CONNECTION"])
    assert "@Microsoft.KeyVault(SecretUri=${hub.connectionUri})" in hub
    for name in (
        *("SMTP_PASSWORD", "LINK_SECRET", "LINK_SECRET_PREVIOUS"),
        *("KEY_HASH_SECRET_PREVIOUS", "PSEUDONYM_SECRET_PREVIOUS"),
    ):
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
    # the platform's documented role, or the smaller one that production takes
    assert (
        "blobRole == 'Owner' ? blobDataOwner : blobDataContributor"
        in (AZURE / "modules" / "roles.bicep").read_text()
    )

    assert {
        (scope, next(role for role in roles if f"'{role}'" in used)) for scope, used in granted
    } == {
        ("storage", "blobRoleId"),
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


def test_the_gateway_passes_every_method_that_the_app_answers() -> None:
    """HEAD and OPTIONS among them; its answer to others is its own."""
    passed = loops_over("gateway", "operations")
    methods = {method.value for endpoint in ENDPOINTS for method in endpoint.methods}

    assert {method for method in (*methods, "OPTIONS") if f"'{method}'" not in passed} == set()


def test_the_app_answers_pages_of_other_origins_itself() -> None:
    """The platform's own rules would take its place, and differ from the local host's."""
    assert "cors" not in only("Microsoft.Web/sites")["properties"]["siteConfig"]
    assert not [name for name in app_settings() if "CORS" in name.upper()]


def test_the_platform_reads_little_more_than_the_app_takes() -> None:
    """A body is in memory before the app is asked; what is a little too large, the app refuses."""
    limit = int(app_settings()["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"])

    assert 2 * max(BODY_LIMITS.values()) <= limit <= 8 * max(BODY_LIMITS.values())


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


@pytest.mark.parametrize("file", SETS.values())
def test_a_parameter_file_fits(file: str) -> None:
    """It gives all that main.bicep needs, and nothing it does not know."""
    parameters = parsed(AZURE / "main.bicep")["parameters"]
    text = (AZURE / file).read_text()
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
