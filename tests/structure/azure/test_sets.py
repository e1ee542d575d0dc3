"""The parameter sets small and production: their prices, differences and files."""

import re

import pytest

from infra.costs.model.data import read_data
from infra.costs.model.deployment import SETS, read_deployment
from infra.costs.model.throughput import DEDICATED
from tests.bicep import (
    AZURE,
    ROOT,
    module,
    only,
    parsed,
)


@pytest.mark.parametrize("name", SETS)
def test_the_cost_model_prices_the_deployed_sets(name: str) -> None:
    """The cost model reads the sets; its numbers agree with what it cannot read of Bicep."""
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
    """The sets differ in values alone, and production closes every access."""
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
    # an operator who chooses nothing gets small, with the parameter file and without
    bicep = {
        name: one["default"] for name, one in parsed(AZURE / "main.bicep")["parameters"].items()
    }
    for name in given["small"]:
        if name in small.values and isinstance(bicep[name], (int, bool)):
            assert small[name] == str(bicep[name]).lower(), name


def test_readme_tells_every_difference_of_the_sets() -> None:
    """The README names each variable that has two values."""
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


def test_production_runs_on_no_preview() -> None:
    """RollingUpdate is a preview of Azure, so that Recreate is the default."""
    assert parsed(AZURE / "main.bicep")["parameters"]["updateStrategy"]["default"] == "Recreate"
    assert "'UPDATE_STRATEGY', 'Recreate'" in (AZURE / "main.bicepparam").read_text()


@pytest.mark.parametrize("file", SETS.values())
def test_a_parameter_file_fits(file: str) -> None:
    """A file has every parameter that main.bicep needs, and no unknown parameter."""
    parameters = parsed(AZURE / "main.bicep")["parameters"]
    text = (AZURE / file).read_text()
    given = set(re.findall(r"^param (\w+) =", text, re.MULTILINE))

    assert {name for name, one in parameters.items() if one.get("default") is None} <= given
    assert given <= set(parameters)
