"""The app as the Functions host takes it, with `func start` and in Azure."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from infra.local.settings.settings_file import EXAMPLE_FILE_NAME
from tests.host.host_process import ROOT
from tests.journeys.support import start

VALUES = json.loads((ROOT / EXAMPLE_FILE_NAME).read_text())["Values"]
HOST = json.loads((ROOT / "host.json").read_text())
QUEUE_NAME = r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*"
ROUTE = r"([\w.-]+|\{\w+\})(/([\w.-]+|\{\w+\}))*(/\{\*\w+\})?"
CATCH_ALL = "{*path}"
RESERVED = ("admin", "runtime")
"""First segments of the host's own routes."""
TYPES = {"httpTrigger": "in", "http": "out", "queueTrigger": "in", "timerTrigger": "in"}

type Binding = dict[str, Any]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Binding]]:
    """Return each function's bindings, as Microsoft's worker library indexed them."""
    with start(tmp_path_factory.mktemp("indexed"), "--workers", "1") as host:
        functions = host.call("GET", "/admin/functions").json()
    return {one["name"]: one["config"]["bindings"] for one in functions}


def triggers(indexed: dict[str, list[Binding]], kind: str) -> list[Binding]:
    """Return the triggers of the kind."""
    return [b for bindings in indexed.values() for b in bindings if b["type"] == kind]


def test_every_function_has_a_name_and_one_trigger(indexed: dict[str, list[Binding]]) -> None:
    """Names differ in more than case; each binding has a known type, direction and name."""
    assert indexed
    assert max(Counter(map(str.lower, indexed)).values()) == 1
    for name, bindings in indexed.items():
        assert re.fullmatch(r"[A-Za-z][\w-]{0,127}", name)
        assert sum(b["type"].endswith("Trigger") for b in bindings) == 1, name
        assert len({b["name"] for b in bindings}) == len(bindings), name
        for binding in bindings:
            assert TYPES[binding["type"]] == binding["direction"].lower(), name
            assert re.fullmatch(r"\$return|[A-Za-z_]\w*", binding["name"]), name


def test_http_functions_have_a_route_and_an_answer(indexed: dict[str, list[Binding]]) -> None:
    """The routes are the app's own, each method of a route once."""
    served: Counter[tuple[str, str]] = Counter()
    for name, bindings in indexed.items():
        for trigger in (b for b in bindings if b["type"] == "httpTrigger"):
            (answer,) = (b for b in bindings if b["type"] == "http")
            assert answer["name"] == "$return"
            assert trigger["authLevel"].lower() in {"anonymous", "function", "admin"}
            if trigger["route"] == CATCH_ALL:
                # Azure's host tries routes in the order of the functions' names
                assert name == max(indexed)
                continue
            assert re.fullmatch(ROUTE, trigger["route"]), name
            assert not trigger["route"].startswith(RESERVED)
            methods = [method.lower() for method in trigger["methods"]]
            assert set(methods) <= {"get", "head", "post", "put", "patch", "delete", "options"}
            template = re.sub(r"\{\*?\w+\}", "{}", trigger["route"])
            served.update((method, template) for method in methods)
    assert max(served.values()) == 1


def test_queue_functions_listen_where_the_settings_say(
    indexed: dict[str, list[Binding]],
) -> None:
    """Each has a queue with a valid name, and a connection that the settings have."""
    found = triggers(indexed, "queueTrigger")
    assert found
    assert len({trigger["queueName"] for trigger in found}) == len(found)
    for trigger in found:
        assert re.fullmatch(QUEUE_NAME, trigger["queueName"])
        connection = VALUES[trigger["connection"]]
        parts = dict(part.split("=", 1) for part in connection.split(";"))
        assert {"AccountName", "AccountKey", "BlobEndpoint", "QueueEndpoint"} <= parts.keys()


def test_the_host_loads_what_the_triggers_need() -> None:
    """The extension bundle has queue triggers, and routes have no prefix of the host."""
    bundle = HOST["extensionBundle"]

    assert HOST["version"] == "2.0"
    assert bundle["id"] == "Microsoft.Azure.Functions.ExtensionBundle"
    assert re.fullmatch(r"\[4\.\S*, 5\.0\.0\)", bundle["version"])
    assert VALUES["FUNCTIONS_WORKER_RUNTIME"] == "python"
    assert (ROOT / "requirements.txt").is_file()


def test_compose_serves_where_the_settings_look() -> None:
    """Ports and key of Microsoft's images are those of the example's settings."""
    text = (ROOT / "infra/local/compose.yaml").read_text()
    published = set(re.findall(r"- 127\.0\.0\.1:(\d+):\1\n", text))
    wanted = re.findall(r"127\.0\.0\.1:(\d+)", VALUES["COSMOS_ENDPOINT"] + VALUES[CONNECTION])

    assert set(wanted) <= published
    name, key = re.findall(r"AZURITE_ACCOUNTS: (\w+):(\S+)", text)[0]
    assert f"AccountName={name};AccountKey={key};" in VALUES[CONNECTION]


CONNECTION = "AzureWebJobsStorage"
