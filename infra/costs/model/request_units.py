"""Compute request units by published rules; the data file names each coefficient's source."""

from decimal import Decimal

from infra.costs.measuring.calls import DocumentCall
from infra.costs.model.data import Data, DataError

KILOBYTE = 1024


def _charge(data: Data, size: int, *, write: bool) -> Decimal:
    """Interpolate the charge of `size` bytes; raise DataError beyond the largest document."""
    column = 2 if write else 1
    kilobytes = Decimal(size) / KILOBYTE
    lower = data.sizes[0]
    if kilobytes <= lower.kilobytes:
        return lower[column]
    for upper in data.sizes[1:]:
        if kilobytes <= upper.kilobytes:
            share = (kilobytes - lower.kilobytes) / (upper.kilobytes - lower.kilobytes)
            return lower[column] + share * (upper[column] - lower[column])
        lower = upper
    raise DataError(f"request_units: no document has {size} bytes")


def read_units(data: Data, size: int) -> Decimal:
    """Return the RU to read `size` bytes from one replica; 0 = not found, the lowest charge."""
    return _charge(data, size, write=False)


def write_units(data: Data, size: int) -> Decimal:
    """Return the RU to add or remove `size` bytes without an index."""
    return _charge(data, size, write=True)


def request_units(data: Data, call: DocumentCall) -> Decimal:
    """Return the RU of one operation; raise DataError for a kind without a rule."""
    units = data.units
    after = call.sizes[0] if call.sizes else 0
    # id and _ts are always indexed; a change removes and adds only _ts
    created = units["index_term"] * (call.terms + units["system_terms"])
    changed = units["index_term"] * (call.terms + 2)
    match call.kind:
        case "read":
            return units["current_read"] * read_units(data, after)
        case "create":
            return write_units(data, after) + created
        case "delete":
            return write_units(data, call.before) + created
        case "replace":
            return write_units(data, call.before) + write_units(data, after) + changed
        case "patch":
            patched = units["patch_property"] * call.properties
            return write_units(data, call.before) + write_units(data, after) + changed + patched
        case "query" | "count" | "loaded":
            base = 0 if call.kind == "loaded" else units["query_base"]
            counted = units["counted_document"] * call.counted
            return base + counted + loaded_units(data, call.sizes, units["query_document"])
        case _:
            raise DataError(f"request_units: no rule for {call.kind}")


def query_units(data: Data, sizes: tuple[int, ...], document: Decimal) -> Decimal:
    """Return the RU of an indexed query; each document costs the share `document` of a read."""
    return data.units["query_base"] + loaded_units(data, sizes, document)


def loaded_units(data: Data, sizes: tuple[int, ...], document: Decimal) -> Decimal:
    """Return the RU of the documents that a query loads, without the query itself."""
    return document * sum((read_units(data, size) for size in sizes), Decimal(0))
