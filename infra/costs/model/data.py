"""Read the data file: prices in euro, request unit rules, limits, assumptions."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

FILE: Final = Path(__file__).parents[1] / "costs.toml"


class DataError(Exception):
    """An input is missing or invalid; the text names it."""


@dataclass(frozen=True, slots=True)
class Price:
    """A price in euro for one `unit`; `status` is published or assumed (see the data file)."""

    euro: Decimal
    unit: str
    region: str
    date: date
    status: str
    source: str


class SizeCharge(NamedTuple):
    """The request units to read and to write a document of `kilobytes`."""

    kilobytes: Decimal
    read: Decimal
    write: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """A section of named numbers; an unknown name raises DataError."""

    section: str
    values: dict[str, Decimal]

    def __getitem__(self, name: str) -> Decimal:
        try:
            return self.values[name]
        except KeyError:
            raise DataError(f"{self.section}: no {name}") from None

    def changed(self, changes: dict[str, Decimal]) -> Self:
        """Return a copy with other values; raise DataError for an unknown name."""
        for name, value in changes.items():
            if name not in self.values:
                raise DataError(f"{self.section}: no {name}")
            if value < 0:
                raise DataError(f"{self.section}: {name} is negative")
        return type(self)(self.section, self.values | changes)


@dataclass(frozen=True, slots=True)
class Data:
    """The content of the data file."""

    prices: dict[str, Price]
    sizes: tuple[SizeCharge, ...]
    units: Figures
    limits: Figures
    cpu: Figures
    assumptions: Figures
    national: Figures
    stampede: Figures
    io: Figures

    def milliseconds(self, function: str) -> Decimal:
        """Return the CPU of one execution: `others` for a function that was not measured."""
        return self.cpu.values.get(function, self.cpu["others"])

    def euro(self, name: str) -> Decimal:
        """Return the euro of one unit of a price; raise DataError for an unknown name."""
        try:
            return self.prices[name].euro
        except KeyError:
            raise DataError(f"prices: no {name}") from None


def _figures(section: str, content: dict[str, Any]) -> Figures:
    numbers = {
        name: Decimal(value) for name, value in content.items() if isinstance(value, int | Decimal)
    }
    return Figures(section, numbers)


def read_data(file: Path = FILE) -> Data:
    """Read the data file; raise OSError, tomllib.TOMLDecodeError, DataError."""
    content = tomllib.loads(file.read_text(), parse_float=Decimal)
    try:
        prices = {
            name: Price(**{**one, "euro": Decimal(one["euro"])})
            for name, one in content["prices"].items()
        }
        units = content["request_units"]
        return Data(
            prices=prices,
            sizes=tuple(SizeCharge(*map(Decimal, row)) for row in units["by_size"]),
            units=_figures("request_units", units),
            limits=_figures("limits", content["limits"]),
            cpu=_figures("cpu_milliseconds", content["cpu_milliseconds"]),
            assumptions=_figures("assumptions", content["assumptions"]),
            national=_figures("national", content["national"]),
            stampede=_figures("stampede", content["stampede"]),
            io=_figures("io", content["io"]),
        )
    except (KeyError, TypeError) as error:
        raise DataError(f"{file.name}: {error}") from None
