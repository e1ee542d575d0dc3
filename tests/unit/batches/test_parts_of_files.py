"""A file may come in parts of any size: what is found in it is the same."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.batches.csv_text import BOM, Delimiter, csv_text
from lib.domain.batches.recipients.problem import RowProblem
from lib.domain.batches.recipients.reader import Form, RecipientsReader, read, read_stream
from lib.domain.batches.recipients.row import Row
from tests.builders.payment_notices import NUMBER
from tests.unit.batches.support import NOW, ROSSI, Found, a_code, read_all

NASTY_CSV = (
    "\r\n;;;\r\n"
    '"Codice\r\nFiscale";Nome;"Via ""lunga""";Riferimento\r\n'
    f'{ROSSI};"Niccolò;\r\n""D\u2019Angelo""";"";P-1\r\n'
    f'"{a_code(1)}";Forlì;5" tubo;P-2\r\n'
    "\r\n"
    f'{a_code(2)};"mai chiuso;x;P-3\r\n'
    f'{a_code(3)};"chiuso" male;x;P-4\r\n'
    f"{a_code(4)};poco;P-5\r\n"
    f"{a_code(5)};a\rb;x;P-6\r\n"
    "x;=1+1;\x00;P-1\r\n"
    f'{a_code(6)};"una\nriga\r\n";€ 10 \u2013 «x»;P-7\r\n'
    f'{a_code(7)};"";x;P-8'
)
NASTY_JSON = (
    f'{{"cf": "{ROSSI}", "nome": "Niccolò \\"{{[,\\\\"}}',
    '{"cf": 1.5, "nome": "]}", "altro": [1, {"a": "}"}]}',
    '{"cf": }',
    f'{{"cf": "{a_code(1)}", "nome": null}}',
    '"text"',
)


def _files() -> list[tuple[Form, bytes]]:
    bare = NASTY_CSV.replace("\u2019", "'").replace("€", "E").replace("\u2013", "-")
    return [
        ("CSV", NASTY_CSV.encode()),
        ("CSV", NASTY_CSV.encode("utf-8-sig")),
        ("CSV", NASTY_CSV.encode("utf-16")),
        ("CSV", NASTY_CSV.encode("cp1252")),
        ("CSV", bare.encode("latin-1").replace(b"Forl\xec", "Forlì".encode())),
        ("CSV", NASTY_CSV.encode().replace("Forlì".encode(), b"Forl\xec")),
        ("CSV", bare.replace("\r\n", "\r").encode()),
        ("JSON_LINES", "\r\n".join(("", *NASTY_JSON, "")).encode("utf-8-sig")),
        ("JSON", f'\n{{"recipients":\n[ {",\n".join(NASTY_JSON)} , ]\n}}\n'.encode()),
        ("JSON", f"[{','.join(NASTY_JSON)}] x".encode("utf-8-sig")),
    ]


FILES = _files()


@pytest.mark.parametrize(("form", "data"), FILES)
def test_a_nasty_file_is_read(form: Form, data: bytes) -> None:
    """The files of the test below have rows and problems."""
    found = read_all(data, form)

    assert len(found.rows) >= 2
    assert len(found.problems) >= 3


@pytest.mark.parametrize(("form", "data"), FILES)
def test_a_file_may_be_split_anywhere(form: Form, data: bytes) -> None:
    """In the middle of a character, of a line end, of a doubled quote."""
    whole = read_all(data, form)

    for place in range(len(data) + 1):
        assert read_all([data[:place], data[place:]], form) == whole


@pytest.mark.parametrize(("form", "data"), FILES)
@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_a_file_may_come_in_small_parts(form: Form, data: bytes, size: int) -> None:
    """Byte by byte, too, and with parts that are empty."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]

    assert read_all([b"", *parts, b""], form) == read_all(data, form)


_CELLS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cc", "Cs"],
        exclude_characters="ÃÂâ\ufffd",
        include_characters="\t\n\r",
    ),
    max_size=30,
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


@given(
    rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";"]),
    bom=st.sampled_from(["", BOM]),
    sizes=st.lists(st.integers(1, 40)),
)
def test_a_table_that_was_written_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: Delimiter, bom: str, sizes: list[int]
) -> None:
    """All values are the same, but for the apostrophe before a formula."""
    header = ("fiscal_code", "reference", "uno", "due", "altro")
    table = [(a_code(at), f"P-{at}", *row) for at, row in enumerate(rows)]
    data = (bom + csv_text([header, *table], delimiter)).encode()
    parts, place = [], 0
    for size in sizes:
        parts.append(data[place : place + size])
        place += size

    found = read_all([*parts, data[place:]])

    assert found.problems == []
    assert [row.reference for row in found.rows] == [row[1] for row in table]
    for row, written in zip(found.rows, rows, strict=True):
        for value, cell in zip(row.values.values(), written, strict=True):
            assert value == cell or (value == f"'{cell}" and cell.startswith(_FORMULAS))


@given(st.sampled_from(["CSV", "JSON_LINES", "JSON"]), st.binary(max_size=300), st.data())
def test_no_bytes_break_the_reader(form: Form, data: bytes, draw: st.DataObject) -> None:
    """Any bytes are rows, problems, or a refusal; and the same in two parts."""
    opening = draw.draw(st.sampled_from([b"", b"cf;nome\n", b'[{"cf": ', b'{"recipients": [']))
    place = draw.draw(st.integers(0, len(data)))
    found = read_all([opening + data], form)
    split = read_all([opening + data[:place], data[place:]], form)

    if found.report.problem is not None:
        # the rest of an unreadable file is not read, and its parts end at different places
        split = split._replace(report=replace(split.report, size=found.report.size))
    assert found == split
    assert found.report.rows == len(found.rows) + found.report.wrong_rows


async def _stream(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 100):
        yield data[at : at + 100]


@pytest.mark.parametrize(("form", "data"), FILES)
async def test_a_stream_is_read_as_a_file_is(form: Form, data: bytes) -> None:
    """A blob comes in chunks as it is downloaded."""
    reader = RecipientsReader(form, NOW)
    rows, problems = list[Row](), list[RowProblem]()
    async for checked in read_stream(_stream(data), reader):
        rows += checked.rows
        problems += checked.problems

    assert Found(rows, problems, reader.report) == read_all(data, form)


async def test_other_tasks_run_while_a_stream_is_read() -> None:
    """A chunk may be large, and messages must not wait for it."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def one_chunk() -> AsyncIterator[bytes]:
        yield b"cf;nome\n" + b"x;y\n" * 50_000

    task = asyncio.create_task(other())
    async for _ in read_stream(one_chunk(), RecipientsReader("CSV", NOW)):
        pass
    task.cancel()

    assert turns >= 3


def test_a_stream_ends_where_it_is_unreadable() -> None:
    """The rest of a large file is not downloaded."""
    taken = 0

    def chunks() -> AsyncIterator[bytes]:
        async def parts() -> AsyncIterator[bytes]:
            nonlocal taken
            for _ in range(5):
                taken += 1
                yield b"nome;cognome\n" * 200

        return parts()

    async def read_it() -> RecipientsReader:
        reader = RecipientsReader("CSV", NOW)
        async for _ in read_stream(chunks(), reader):
            pass
        return reader

    reader = asyncio.run(read_it())

    assert reader.is_unreadable
    assert taken == 1
    assert NUMBER not in repr(reader.report)


def _large(form: Form, rows: int) -> Iterator[bytes]:
    """Yield a file of rows of 10 KB, in chunks of one row."""
    yield {"CSV": b"cf;riferimento;nome\n", "JSON": b"[{}", "JSON_LINES": b""}[form]
    for at in range(rows):
        cells = (a_code(at), f"P-{at}", "x" * 9_900)
        row = orjson.dumps(dict(zip(("cf", "riferimento", "nome"), cells, strict=True)))
        csv = ";".join(cells).encode() + b"\n"
        yield {"CSV": csv, "JSON": b"," + row, "JSON_LINES": row + b"\n"}[form]
    yield b"]" if form == "JSON" else b""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["CSV", "JSON_LINES", "JSON"])
def test_memory_does_not_grow_with_the_file(form: Form) -> None:
    """A file of 20 MB leaves nothing behind but the digests of its references."""
    reader = RecipientsReader(form, NOW)
    tracemalloc.start()
    try:
        rows = sum(len(checked.rows) for checked in read(_large(form, 2_000), reader))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert rows == 2_000
    assert peak < 1_000_000
