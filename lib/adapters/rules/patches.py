"""Check partial updates as Azure Cosmos DB does, without the document."""

from collections.abc import Sequence
from types import NoneType
from typing import NamedTuple

import orjson

from lib.adapters.rules.documents import JSON_OPTIONS
from lib.ports.documents import MAX_PATCH_OPERATIONS, Container, PatchOperation
from lib.ports.errors import LimitError


class PatchStep(NamedTuple):
    """A checked operation, with a copy of its value and the keys of its path."""

    operation: PatchOperation
    keys: list[str]


def check_patch(container: Container, operations: Sequence[PatchOperation]) -> list[PatchStep]:
    """Return the steps of a patch; raise LimitError for a wrong operation."""
    if not 1 <= len(operations) <= MAX_PATCH_OPERATIONS:
        raise LimitError(f"{container.name}: a patch has 1 to {MAX_PATCH_OPERATIONS} operations")
    steps = []
    for operation in operations:
        slash, *keys = operation.path.split("/")
        if slash or not keys or not all(keys):
            raise LimitError(f"{container.name}: a patch path looks like /a/b")
        if keys[0] in {"id", container.partition_key}:
            raise LimitError(f"{container.name}: the id and the partition key cannot be patched")
        if "~" in operation.path:
            keys = [key.replace("~1", "/").replace("~0", "~") for key in keys]
        if operation.op == "incr" and not is_number(operation.value):
            raise LimitError(f"{container.name}: incr needs a number")
        if not isinstance(operation.value, (str, int, float, NoneType)):
            try:
                value = orjson.loads(orjson.dumps(operation.value, option=JSON_OPTIONS))
            except orjson.JSONEncodeError:
                raise LimitError(f"{container.name}: a patch value is not JSON") from None
            step = PatchStep(operation._replace(value=value), keys)
        else:
            step = PatchStep(operation, keys)
        steps.append(step)
    return steps


def is_number(value: object) -> bool:
    """Tell whether the value is a number in JSON."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
