"""Requests made up from the OpenAPI document, good and bad, for every endpoint, bounded in time."""

import json
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.checks import not_a_server_error

from functions import ENDPOINTS
from infra.local.sandbox_seed import OPERATOR_KEY, SENDER_KEY
from tests.functions.host_process import ROOT
from tests.journeys.support import Journeys

EXAMPLES = 60
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("name", [endpoint.name for endpoint in ENDPOINTS])
def test_no_request_is_answered_but_as_declared(journeys: Journeys, name: str, mode: GenerationMode) -> None:
    schema = openapi.from_dict(json.loads((ROOT / "infra/openapi.json").read_text()))
    schema.config.update(base_url=journeys.base)
    operation = schema.find_operation_by_id(name)
    print(operation)
