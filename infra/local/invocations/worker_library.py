"""Run a function app through Microsoft's Python worker library, without protobuf."""

import importlib
import json
import logging
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import getrandbits
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple, Self

from azure.functions import FunctionRegister
from azure_functions_runtime import handle_event as _handle_event
from azure_functions_runtime import start_threadpool_executor, worker_init_request
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.functions import Registry
from azure_functions_runtime.native_invocation import invocation_request_native

from infra.local.errors import HostError
from infra.local.invocations.failures import Failure, collect_failures

type Inputs = list[tuple[str, Datum]]
type Metadata = dict[str, Datum]

MODULE_NAME = "function_app"


@dataclass(frozen=True, slots=True)
class Function:
    """An indexed function. `id`: its id in the library. The bindings are as in function.json."""

    id: str
    name: str
    trigger: dict[str, Any]
    bindings: tuple[dict[str, Any], ...]


def new_invocation_id() -> str:
    """Return a random UUID. Unlike uuid4, the generator in memory needs no call of the kernel."""
    digits = f"{getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


class Outcome(NamedTuple):
    """The result of an invocation. `failure`: None on success. `outputs`: by binding name."""

    value: Datum | None
    outputs: list[tuple[str, Datum]]
    failure: Failure | None


class _Bag(SimpleNamespace):
    """A stand-in for any protobuf message, with any members."""


_BINDING_INFO = type("BindingInfo", (_Bag,), {"in": 0, "out": 1, "inout": 2, "undefined": 0})
_STATUS_RESULT = type("StatusResult", (_Bag,), {"Failure": 0, "Success": 1})
_PROTOS = SimpleNamespace(
    BindingInfo=_BINDING_INFO,
    StatusResult=_STATUS_RESULT,
    **dict.fromkeys(
        (
            "RpcException",
            "RpcFunctionMetadata",
            "RpcRetryOptions",
            "WorkerInitResponse",
            "WorkerMetadata",
        ),
        _Bag,
    ),
)


class WorkerLibrary:
    """The function app of this process. The library's registry is global, so there is only one."""

    def __init__(self, module: ModuleType, functions: Sequence[Function]) -> None:
        self.module = module
        self.functions = tuple(functions)

    @classmethod
    async def load(cls, app_folder: Path) -> Self:
        """Import and index `function_app.py`.

        Raises: HostError, with the reason for each function that cannot be indexed.
        """
        folder = str(app_folder)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        if not (app_folder / f"{MODULE_NAME}.py").is_file():
            raise HostError(f"{app_folder}: there is no {MODULE_NAME}.py here")
        collect_failures()
        start_threadpool_executor()
        library_log = logging.getLogger("azure.functions")
        library_log.setLevel(logging.CRITICAL)
        init = SimpleNamespace(capabilities={}, function_app_directory=folder)
        response = await worker_init_request(
            SimpleNamespace(
                request=SimpleNamespace(worker_init_request=init),
                properties={"host": "127.0.0.1", "protos": _PROTOS},
            )
        )
        if response.result.status != _PROTOS.StatusResult.Success:
            raise HostError(_explain(response.result.exception, folder))
        library_log.setLevel(logging.WARNING)
        metadata = _handle_event._metadata_result or []  # noqa: SLF001 - it has no accessor
        return cls(sys.modules[MODULE_NAME], [_function(item) for item in metadata])

    def body_limit(self, function: Function, default: int) -> int:
        """Return the largest body of a request, in bytes, from the app's BODY_LIMITS."""
        limits: dict[str, int] = getattr(self.module, "BODY_LIMITS", {})
        return limits.get(function.name, default)

    def has_priority(self, function: Function) -> bool:
        """Tell whether the app's PRIORITY_FUNCTIONS name the function."""
        names: frozenset[str] = getattr(self.module, "PRIORITY_FUNCTIONS", frozenset())
        return function.name in names

    def at_once(self, function: Function) -> int | None:
        """Return how many items of the function run at a time, from the app's AT_ONCE."""
        numbers: dict[str, int] = getattr(self.module, "AT_ONCE", {})
        return numbers.get(function.name)

    @staticmethod
    async def invoke(
        function: Function, invocation_id: str, inputs: Inputs, metadata: Metadata
    ) -> Outcome:
        """Invoke a function once. An error of the function becomes `Outcome.failure`."""
        Failure.forget()
        ok, value, outputs, _, _ = await invocation_request_native(
            invocation_id, function.id, inputs, metadata
        )
        return Outcome(value, outputs, None if ok else Failure.last())


def _function(metadata: Any) -> Function:
    bindings = tuple(json.loads(raw) for raw in metadata.raw_bindings)
    trigger: dict[str, Any] = next(
        (b for b in bindings if b["type"].lower().endswith("trigger")), {}
    )
    return Function(metadata.function_id, metadata.name, trigger, bindings)


def _explain(exception: Any, folder: str) -> str:
    """Return a text with every function that does not index. The library stops at the first one."""
    reasons: list[tuple[str, str]] = []
    for function in _declared_functions():
        try:
            Registry().add_indexed_function(function, _PROTOS)
        except Exception as error:  # noqa: BLE001 - each one is reported
            reasons.append((function.get_function_name(), f"{type(error).__name__}: {error}"))
    if not reasons:
        message = exception.message.partition(". Cannot find module.")[0]
        frames = re.findall(r'File "(.+?)", line (\d+)', exception.stack_trace)
        place = next((f"{f}:{n}" for f, n in reversed(frames) if f.startswith(folder)), None)
        reasons.append((place or f"{MODULE_NAME}.py", message))
    title, lines = "The function app does not index:", [f"{n}: {reason}" for n, reason in reasons]
    return f"{title} {lines[0]}" if len(lines) == 1 else "\n  ".join([title, *lines])


def _declared_functions() -> list[Any]:
    try:
        module = importlib.import_module(MODULE_NAME)
        app = next(v for v in vars(module).values() if isinstance(v, FunctionRegister))
        # The app refuses known names, and it knows the names of the failed attempt.
        app.functions_bindings = None
        return list(app.get_functions())
    except Exception:  # noqa: BLE001 - the library's message has the reason
        return []
