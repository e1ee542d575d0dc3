"""IO's own client (npm @pagopa/io-functions-services-sdk) in a Node process."""

import importlib
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Self

import pytest

from infra.local.node.program import node_program
from infra.local.sandbox.seed import SENDER_KEY
from tests.host.host_process import ROOT

SCRIPT: Final = Path(__file__).with_name("io_client.cjs")
SDK: Final = ROOT / "infra/local/node_modules/@pagopa/io-functions-services-sdk"
NODE: Final = node_program()
COMMONS: Final = ROOT / "infra/local/node_modules/@pagopa/io-functions-commons"
"""The types by which IO's own services decode what they send to the app."""
CI: Final = os.environ.get("CI", "").lower() not in {"", "0", "false"}
KEY_HEADER: Final = "Ocp-Apim-Subscription-Key"

needs_node = pytest.mark.skipif(
    not CI and (NODE is None or not SDK.exists()),
    reason="no Node here" if NODE is None else "IO's client is not installed: make test does that",
)

type KeyName = Literal["SubscriptionKey", "ManageSubscriptionKey"]


class Operation(NamedTuple):
    """An operation of the client's own document.

    `key`: the parameter that takes the key; None where the client sends no key.
    `statuses`: the statuses that the document declares.
    """

    name: str
    method: str
    path: str
    key: KeyName | None
    statuses: frozenset[int]


def operations() -> dict[str, Operation]:
    """Read the operations of the document that the client was generated from, by their names."""
    yaml: Any = importlib.import_module("yaml")
    document = yaml.safe_load((SDK / "openapi.yaml").read_text())
    found = {}
    for path, item in document["paths"].items():
        for method, one in item.items():
            if method == "parameters":
                continue
            keys = [name for scheme in one.get("security", ()) for name in scheme]
            found[one["operationId"]] = Operation(
                one["operationId"],
                method.upper(),
                document["basePath"] + path,
                keys[0] if keys else None,
                frozenset(map(int, one["responses"])),
            )
    return found


class Client:
    """The client, pointed at a host; a context manager.

    An outcome has status, value and Location of an answer; or what could not be decoded, as
    `refused`, beside the status. `met`: each operation and status that was decoded.
    """

    def __init__(self, base: str) -> None:
        assert NODE is not None, "CI must have Node"
        self.met: set[tuple[str, int]] = set()
        self._process = subprocess.Popen(
            [NODE, str(SCRIPT), base], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def __call__(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make one call with the sender's key, unless the parameters have a key."""
        return self.call(operation, {"SubscriptionKey": SENDER_KEY, **parameters})

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Make one call with these parameters alone."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([operation, parameters]) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, f"Node ended with {process.wait()}"
        outcome: dict[str, Any] = json.loads(line)
        if "refused" not in outcome and "status" in outcome:
            self.met.add((operation, outcome["status"]))
        return outcome

    def decode(
        self, type_: str, value: Any, of: Literal["sdk", "commons"] = "sdk"
    ) -> dict[str, Any]:
        """Hold a value against the type of this name, of the client or of IO's own services."""
        return self.call("$decode", {"type": type_, "value": value, "of": of})

    def statuses(self) -> dict[str, frozenset[int]]:
        """Return the statuses that the client can decode, by operation."""
        found = self.call("$statuses", {})["value"]
        return {name: frozenset(statuses) for name, statuses in found.items()}
