"""The front of the app in Azure: gateway, availability test and pages of other origins."""

from functions import ENDPOINTS
from tests.bicep import (
    AZURE,
    ROOT,
    app_settings,
    loops_over,
    only,
)


def test_a_closed_app_admits_the_test_that_looks_at_it() -> None:
    """A closed app admits the service tag of the test, where the test calls the app directly."""
    text = (AZURE / "modules" / "functions.bicep").read_text()
    given = only("Microsoft.Web/sites")["properties"]["siteConfig"]["ipSecurityRestrictions"]
    (tag,) = given["function"]["parameters"]["arg_2"]["operator"]["operands"]["true_value"]

    assert (tag["tag"], tag["ipAddress"]) == ("ServiceTag", "ApplicationInsightsAvailability")
    assert (
        "var looksItself = withAvailabilityTest && !empty(callers) && empty(frontHostName)" in text
    )


def test_the_gateway_keeps_off_our_senders_keys() -> None:
    """The names of the gateway's subscription keys are names that the API does not use."""
    api = only("Microsoft.ApiManagement/service/apis")["properties"]
    names = api["subscriptionKeyParameterNames"]
    documents = (ROOT / "infra" / "openapi").glob("*.json")
    ours = "".join(path.read_text().lower() for path in documents)

    assert set(names) == {"header", "query"}
    for name in names.values():
        assert name.lower() not in {"ocp-apim-subscription-key", "subscription-key"}
        assert name.lower() not in ours


def test_the_gateway_passes_every_method_that_the_app_answers() -> None:
    """The gateway passes HEAD and OPTIONS too, and answers other methods itself."""
    passed = loops_over("gateway", "operations")
    methods = {method.value for endpoint in ENDPOINTS for method in endpoint.methods}

    assert {method for method in (*methods, "OPTIONS") if f"'{method}'" not in passed} == set()


def test_the_app_answers_pages_of_other_origins_itself() -> None:
    """Rules of the platform would take its place, and differ from the local host's."""
    assert "cors" not in only("Microsoft.Web/sites")["properties"]["siteConfig"]
    assert not [name for name in app_settings() if "CORS" in name.upper()]
