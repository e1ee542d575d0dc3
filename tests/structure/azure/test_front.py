"""The front of the app in Azure: gateway, availability test and pages of other origins."""

import re

from functions.declared import ENDPOINTS
from functions.http.callers.head import GATEWAY_HEADER
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


def test_the_gateway_counts_by_address_and_by_keys_that_the_app_accepted() -> None:
    """A header alone decides about no counter: a caller can write anything into it."""
    policy = (AZURE / "modules" / "gateway-policy.xml").read_text()
    counters = re.findall(r"<rate-limit-by-key (.*?) />", policy)
    counted = {
        re.sub(r"[{}]", "", re.findall('calls="(.*?)"', counter)[0]): (
            "IpAddress" in counter,
            *re.findall(r"StatusCode [=!]= [0-9]+", counter),
        )
        for counter in counters
    }

    assert counted == {
        "calls-per-minute-of-address": (True,),
        "refused-calls-per-minute": (True, "StatusCode == 401"),
        "calls-per-minute": (False, "StatusCode != 401"),
    }
    assert "<rate-limit " not in policy
    assert not [counter for counter in counters if "Headers" in counter]
    assert not [counter for counter in counters if 'Variables["key"]' in counter]


def test_the_gateway_replaces_every_number_of_its_policy() -> None:
    """A number without a parameter would make the policy invalid."""
    policy = (AZURE / "modules" / "gateway-policy.xml").read_text()
    gateway = (AZURE / "modules" / "gateway.bicep").read_text()

    assert set(re.findall(r"{[a-z-]+}", policy)) == set(re.findall(r"'({[a-z-]+})'", gateway))


def test_the_gateway_removes_the_headers_of_a_trusted_gateway() -> None:
    """It checks no keys itself, so it must pass on nobody's claim to be somebody."""
    policy = (AZURE / "modules" / "gateway-policy.xml").read_text()
    removed = set(re.findall(r'set-header name="([\w-]+)" exists-action="delete"', policy))

    assert {GATEWAY_HEADER, "x-subscription-id", "x-user-id", "x-user-groups"} <= removed
