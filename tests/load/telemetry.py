"""The cost of telemetry: messages without it, with it as it is deployed, and with all traces."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from statistics import median
from typing import Final

from tests.doubles.telemetry import IN_AZURE
from tests.load.azure import Services, azure_host
from tests.load.measures import Figures

DEPLOYED_RATIO: Final = "0.05"
"""The share of traces in main.bicep, the larger of the two sets of parameters."""
TURNS: Final = 3
EXPORT_SECONDS: Final = 6.0
"""Longer than the app waits before it exports a trace."""


def _to_insights(ratio: str) -> Callable[[Services], Mapping[str, str]]:
    def settings(services: Services) -> Mapping[str, str]:
        key = "00000000-0000-0000-0000-000000000000"
        return {
            **IN_AZURE,
            "TELEMETRY": "azure",
            "TRACES_RATIO": ratio,
            "APPLICATIONINSIGHTS_CONNECTION_STRING": (
                f"InstrumentationKey={key};IngestionEndpoint={services.ingestion}"
            ),
        }

    return settings


async def compared(workers: int, seconds: float) -> Figures:
    """Measure the CPU of a message, with its exports; the three hosts take turns.

    Each figure is the median of TURNS.
    """
    kinds = {
        "off": azure_host(workers),
        "on": azure_host(workers, _to_insights(DEPLOYED_RATIO)),
        "all": azure_host(workers, _to_insights("1")),
    }
    turns: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    async with AsyncExitStack() as stack:
        hosts = {kind: await stack.enter_async_context(host) for kind, host in kinds.items()}
        for _ in range(TURNS):
            for kind, host in hosts.items():
                figures = await host.deliver(seconds / TURNS, until_exported=EXPORT_SECONDS)
                turns[kind].append(figures)
    return {kind: _median(of_kind) for kind, of_kind in turns.items()}


def _median(turns: list[Figures]) -> Figures:
    return {
        **{name: median(turn[name] for turn in turns) for name in ("per_s", "cpu_ms")},
        **{name: sum(turn[name] for turn in turns) for name in ("accepted", "notified")},
    }
