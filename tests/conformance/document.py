"""Reads a document and those that it refers to, and lists its operations.

Of IO's documents it understands unions, which are written as `allOf` with `x-one-of`, open lists
of values, and maps of definitions that are one reference to another document.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

import requests
import schemathesis
import yaml
from schemathesis.config import SchemathesisConfig
from schemathesis.core.deserialization import deserialize_yaml
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from infra.local.errors import HostError

type Scheme = Mapping[str, Any]
type Operation = APIOperation[Any, Any, Any, Any]
_FETCH_SECONDS: Final = 20


class Document:
    """An OpenAPI document, at a path or a web address. `folder`: where copies go."""

    def __init__(self, spec: str, folder: Path) -> None:
        if not spec:
            raise HostError("name a document: make contract SPEC=path/or/address.yaml")
        self._folder = folder
        self._copies: dict[str, str] = {}
        is_web = urlsplit(spec).scheme in {"http", "https"}
        path = folder / self._copied(spec if is_web else Path(spec).absolute().as_uri())
        self.raw: dict[str, Any] = json.loads(path.read_text())
        if "swagger" not in self.raw and "openapi" not in self.raw:
            raise HostError(f"{spec} is no OpenAPI document")
        config = SchemathesisConfig()
        self._schema = schemathesis.openapi.from_path(path, config=config)
        self.errors: list[str] = []

    @property
    def base_path(self) -> str:
        """The path of its first server."""
        return str(self._schema.base_path).rstrip("/")

    def operations(self) -> Iterator[Operation]:
        """Yield the operations; those that cannot be read become `errors`."""
        for found in self._schema.get_all_operations():
            if isinstance(found, Ok):
                yield found.ok()
            else:
                error = found.err()
                place = f"{(error.method or '?').upper()} {error.path}"
                self.errors.append(f"{place}: the document cannot be read: {error}")

    def schemes(self, operation: Operation) -> dict[str, Scheme]:
        """Return the security schemes of an operation, of which each will do."""
        wanted = operation.definition.raw.get("security", self.raw.get("security", []))
        names = {name for one in wanted for name in one}
        return {name: one for name, one in self.all_schemes.items() if name in names}

    @property
    def all_schemes(self) -> dict[str, Scheme]:
        """The security schemes of all operations, by name."""
        components = self.raw.get("components", {})
        found: dict[str, Scheme] = self.raw.get("securityDefinitions") or components.get(
            "securitySchemes", {}
        )
        return found

    def _copied(self, address: str) -> str:
        """Copy a document, and those that it refers to; return the name of the copy."""
        if address not in self._copies:
            self._copies[address] = name = f"{len(self._copies)}.json"
            tree = self._rewritten(_loaded(address), address)
            (self._folder / name).write_text(json.dumps(tree, default=str))
        return self._copies[address]

    def _rewritten(self, node: Any, address: str, key: str = "") -> Any:
        if isinstance(node, list):
            return [self._rewritten(one, address) for one in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            file, _, pointer = reference.partition("#")
            target = self._copied(urljoin(address, file))
            if key in {"definitions", "schemas"} and not pointer:
                names = json.loads((self._folder / target).read_text())
                return {name: {"$ref": f"{target}#/{name}"} for name in names}
            return {**node, "$ref": f"{target}#{pointer}"}
        tree = {name: self._rewritten(one, address, name) for name, one in node.items()}
        if tree.pop("x-one-of", None) and "allOf" in tree:
            tree["anyOf"] = tree.pop("allOf")
        if isinstance(known := tree.pop("x-extensible-enum", None), list):
            # requests have known values and others; an answer may have any
            tree["anyOf"] = [{"enum": known}, {"not": {"enum": known}}]
        return tree


def _loaded(address: str) -> Any:
    """Return the document at an address."""
    parts = urlsplit(address)
    try:
        if parts.scheme == "file":
            return deserialize_yaml(Path(unquote(parts.path)).read_text())
        answer = requests.get(address, timeout=_FETCH_SECONDS)
        answer.raise_for_status()
        return deserialize_yaml(answer.text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise HostError(f"cannot read {address}: {error}") from error
