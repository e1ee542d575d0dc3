"""The data file of the cost model: prices, assumptions and their rules."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from infra.costs.model.data import FILE, Data, DataError, read_data


def test_every_price_says_where_it_is_from(data: Data) -> None:
    """A price has euro, unit, region, date, source, and a status: published or assumed."""
    for name, price in data.prices.items():
        assert type(price.euro) is Decimal, name
        assert price.euro > 0, name
        assert isinstance(price.date, date), name
        assert price.date >= date(2025, 1, 1), name
        assert price.status in {"published", "assumed"}, name
        assert all((price.unit, price.region, len(price.source) > 20)), name


def test_shares_are_shares(data: Data) -> None:
    """Every assumption that is named a share lies between 0 and 1."""
    shares = {
        name: value for name, value in data.assumptions.values.items() if name.endswith("_share")
    }

    assert len(shares) > 3
    assert all(0 <= value <= 1 for value in shares.values())


@pytest.mark.parametrize("changes", [{"nothing_such": Decimal(1)}, {"messages": Decimal(-1)}])
def test_a_wrong_input_is_named(data: Data, changes: dict[str, Decimal]) -> None:
    """The error names an unknown input, or an input with a negative number."""
    with pytest.raises(DataError, match=next(iter(changes))):
        data.assumptions.changed(changes)


def test_a_price_that_lacks_its_source_is_an_error(tmp_path: Path) -> None:
    """The data file must be complete."""
    file = tmp_path / "costs.toml"
    text = FILE.read_text()
    source = next(line for line in text.splitlines() if line.startswith("source"))
    file.write_text(text.replace(f"{source}\n", "", 1))

    with pytest.raises(DataError, match="source"):
        read_data(file)
