"""The encodings of CSV files: found where they are right, and named where they are wrong."""

import pytest

from tests.unit.batches.support import ROSSI, Found, a_code, csv_of, read_all, texts

NAMES = ("Niccolò", "Cantù", "Forlì", "Città di Castello", "Perché", "Müller", "D\u2019Angelo")
LINES = ("cf;nome", *(f"{a_code(at)};{name}" for at, name in enumerate(NAMES)))
FAR = 70_000
"""More bytes than are looked at to find the encoding."""


def names(found: Found) -> list[str]:
    """Return the name in each good row."""
    return [row["nome"] for row in texts(found.rows)]


@pytest.mark.parametrize(
    ("encoding", "bom", "told"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8-sig", b"", "UTF-8"),
        ("cp1252", b"", "Windows-1252"),
        ("utf-16", b"", "UTF-16-LE"),
        ("utf-16-le", b"\xff\xfe", "UTF-16-LE"),
        ("utf-16-be", b"\xfe\xff", "UTF-16-BE"),
    ],
)
def test_an_encoding_is_found_and_told(encoding: str, bom: bytes, told: str) -> None:
    """The names are right, letter by letter."""
    found = read_all(bom + csv_of(*LINES, encoding=encoding))

    assert names(found) == list(NAMES)
    assert found.report.encoding == told


def test_a_file_in_ascii_is_told_so() -> None:
    """It is a file in UTF-8 and in Windows-1252 as well."""
    assert read_all(csv_of("cf", ROSSI)).report.encoding == "ASCII"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("before", [0, 1000])
def test_one_accent_is_enough(name: str, encoding: str, before: int) -> None:
    """The first accented letter may come anywhere."""
    many = (f"{a_code(at)};Mario" for at in range(1, before))
    found = read_all(csv_of("cf;nome", *many, f"{ROSSI};{name}", encoding=encoding))

    assert names(found)[-1] == name


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_first_accent_far_behind_is_right(encoding: str) -> None:
    """It comes after all that is looked at otherwise."""
    many = [f"{a_code(at)};Mario" for at in range(1, FAR // 20)]
    found = read_all(csv_of("cf;nome", *many, f"{ROSSI};Niccolò", encoding=encoding))

    assert names(found)[-1] == "Niccolò"


@pytest.mark.parametrize("before", [1, 4000])
def test_a_line_in_another_encoding_is_named(before: int) -> None:
    """The file is UTF-8, and one row of it came from another program."""
    many = [f"{a_code(at)};Forlì" for at in range(1, before + 1)]
    wrong = f"{ROSSI};Niccolò\n".encode("cp1252")
    found = read_all(csv_of("cf;nome", *many) + wrong + csv_of(f"{a_code(0)};Cantù"))

    assert found.places == [(before + 2, before + 1, "nome", "ENCODING")]
    assert names(found) == ["Forlì"] * before + ["Cantù"]
    assert found.report.encoding == "UTF-8"


@pytest.mark.parametrize("before", [2, 4000])
def test_a_line_in_utf8_within_a_code_page_is_named(before: int) -> None:
    """`NiccolÃ²` is nobody's name."""
    many = [f"{a_code(at)};Forlì" for at in range(1, before + 1)]
    wrong = f"{ROSSI};Niccolò\n".encode()
    found = read_all(
        csv_of("cf;nome", *many, encoding="cp1252") + wrong + csv_of(f"{a_code(0)};Ada")
    )

    assert found.places == [(before + 2, before + 1, "nome", "ENCODING")]
    assert names(found) == ["Forlì"] * before + ["Ada"]


@pytest.mark.parametrize("name", ["Niccolò", "Città", "“Ada”", "€ 10", "Perché"])
def test_text_that_was_encoded_twice_is_named(name: str) -> None:
    """A program before us made it so; the file itself is right UTF-8."""
    damaged = name.encode().decode("cp1252", "replace").replace("\ufffd", "")
    found = read_all(csv_of("cf;nome", f"{ROSSI};{damaged}"))

    assert found.problem.code == "ENCODING"


@pytest.mark.parametrize(
    "name", ["CAFFÈ»", "CITTÀ\u2019", "perché…", "Â", "Ã", "10 €", "LIBERTÀ\u2019", "VIRTÙ\u2013x"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_right_text_is_not_taken_for_a_damaged_one(name: str, encoding: str) -> None:
    """Quotes and dots follow accented letters in many texts."""
    found = read_all(csv_of("cf;nome", f"{ROSSI};{name}", encoding=encoding))

    assert names(found) == [name]


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_an_old_code_page_is_refused_and_not_guessed(encoding: str) -> None:
    """Windows-1252 would make other letters of it, and send them to citizens."""
    found = read_all(csv_of("cf;nome", f"{ROSSI};Niccolò", f"{a_code(1)};Forlì", encoding=encoding))

    assert found.refusal == (0, "ENCODING")
    assert found.rows == []


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("ibm850", "cp850"),
        ("macintosh", "mac-roman"),
        ("iso-8859-1", "latin-1"),
        ("ISO-8859-15", "iso8859-15"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8"),
        ("us-ascii", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16le", "utf-16-le"),
        ("latin1", "utf-8-sig"),
    ],
)
def test_the_sender_may_name_the_encoding(charset: str, encoding: str) -> None:
    """A byte order mark goes before it."""
    lines = ("cf;nome", f"{ROSSI};Niccolò", f"{a_code(1)};Forlì")
    found = read_all(csv_of(*lines, encoding=encoding), charset=charset)

    assert names(found) == ["Niccolò", "Forlì"]


def test_a_named_encoding_that_is_wrong_names_the_lines() -> None:
    """The rows without accents are good."""
    lines = ("cf;nome", f"{ROSSI};Niccolò", f"{a_code(1)};Ada")
    found = read_all(csv_of(*lines, encoding="cp1252"), charset="utf-8")

    assert found.places == [(2, 1, "nome", "ENCODING")]
    assert names(found) == ["Ada"]


@pytest.mark.parametrize("charset", ["klingon", "utf-7", "base64", "idna"])
def test_an_unknown_charset_is_refused(charset: str) -> None:
    """A codec of Python that is no encoding of files is unknown too."""
    assert read_all(csv_of(*LINES), charset=charset).refusal == (0, "ENCODING")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_without_their_mark_are_refused(encoding: str) -> None:
    """Half of their bytes would be NUL."""
    assert read_all(csv_of(*LINES, encoding=encoding)).refusal == (0, "ENCODING")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_charset_does_not_stand_for_the_mark(encoding: str) -> None:
    """Its name does not tell which byte of two comes first."""
    found = read_all(csv_of(*LINES, encoding=encoding), charset="utf-16")
    assert found.refusal == (0, "ENCODING")


def test_a_wrong_charset_of_wide_characters_does_no_harm() -> None:
    """The file has a byte for each character."""
    assert names(read_all(csv_of(*LINES), charset="utf-16")) == list(NAMES)


def test_half_a_character_at_the_end_is_named() -> None:
    """The file was cut while it was copied."""
    whole = csv_of("cf;nome", f"{a_code(1)};Forlì", f"{ROSSI};Niccolò").removesuffix(b"\n")

    assert read_all(whole[:-1]).places == [(3, 2, "nome", "ENCODING")]
