"""The fields of a row: each has its rule, and a row tells all rules that it breaks."""

import pytest

from lib.domain.batches.recipients.problem import RowProblem
from lib.domain.shared.check_characters import SAMPLE_CITIZEN
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.identifiers import Reference
from tests.builders.payment_notices import NUMBER
from tests.unit.batches.support import ROSSI, a_code, payment_of, read_cells, read_csv


@pytest.mark.parametrize(
    "text", [ROSSI, ROSSI.lower(), f" {ROSSI} ", SAMPLE_CITIZEN, "VRDGPP13R10B293P"]
)
def test_a_fiscal_code_is_read_in_capitals(text: str) -> None:
    """Small letters and spaces around it are a clerk's."""
    row = read_csv("cf;nome", f"{text};x").row

    assert row.fiscal_code == text.strip().upper()


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("", "FISCAL_CODE", "is missing"),
        (" ", "FISCAL_CODE", "is missing"),
        ("VRDGPP13R10B293", "FISCAL_CODE", "must be a citizen's fiscal code"),
        ("VRDGPP13R10B293PP", "FISCAL_CODE", "must be a citizen's fiscal code"),
        ("R\u017fSMRA80A01H501U", "FISCAL_CODE", "must be a citizen's fiscal code"),
        ("RSSMRA80A01H501Ù", "FISCAL_CODE", "must be a citizen's fiscal code"),
        ("RSSMRA80A01H501\nU", "FISCAL_CODE", "must be a citizen's fiscal code"),
        ("01234567890", "FISCAL_CODE", "the 11 digits of a company"),
        ("VRDGPP13R10B293A", "CHECK_CHARACTER", "not the check character"),
    ],
)
def test_a_wrong_fiscal_code_is_a_problem(text: str, code: str, rule: str) -> None:
    """Nothing of the problem shows the code."""
    problem = read_csv("nome;cf", f'x;"{text}"').problem

    assert (problem.line, problem.row, problem.field, problem.code) == (2, 1, "cf", code)
    assert rule in problem.message
    assert not text.strip() or text not in f"{problem.message}{problem.shape}{problem!r}"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("RSSMRA80A01H501", "XXXXXX99X99X999"),
        ("rossi Mario, 1.1.80", "xxxxx Xxxxx, 9.9.99"),
        ("è\tÈ", "x?X"),
        ("q" * 50, "x" * 40 + "…"),
    ],
)
def test_the_shape_of_a_value_is_shown(text: str, shape: str) -> None:
    """It is enough to see what is wrong, and tells nothing of the citizen."""
    assert read_csv("nome;cf", f'x;"{text}"').problem.shape == shape


@pytest.mark.parametrize("text", ["A", "TARI 2027/1", "~" * 100, " P-1 "])
def test_a_reference_is_visible_ascii(text: str) -> None:
    """Spaces around it are not part of it."""
    assert read_cells(riferimento=text).row.reference == text.strip()


@pytest.mark.parametrize("text", ["è", "a\tb", "x" * 101, "a\nb"])
def test_a_wrong_reference_is_a_problem(text: str) -> None:
    """The rule is that of messages."""
    problem = read_cells(riferimento=text).problem

    assert (problem.field, problem.code) == ("riferimento", "REFERENCE")
    assert problem.message == (
        "must be 1 to 100 visible ASCII characters; spaces may stand between them"
    )


def test_a_row_without_a_reference_has_none() -> None:
    """An empty cell is no reference."""
    assert read_cells(reference="").row.reference is None


@pytest.mark.parametrize(
    ("text", "moment", "day"),
    [
        ("2027-06-30", "2027-06-30T21:59:59.000Z", None),
        ("30/06/2027", "2027-06-30T21:59:59.000Z", None),
        ("1/7/2027", "2027-07-01T21:59:59.000Z", None),
        ("31/12/2026", "2026-12-31T22:59:59.000Z", None),
        ("2027-06-30T10:00:00Z", "2027-06-30T10:00:00.000Z", None),
        ("2027-06-30T10:00:00", "2027-06-30T10:00:00.000Z", None),
        ("2027-06-30T00:00:00+02:00", "2027-06-29T22:00:00.000Z", None),
        ("29/11/2026", "2026-11-29T22:59:59.000Z", None),
    ],
)
def test_a_due_date_is_a_day_or_a_moment(text: str, moment: str, day: str | None) -> None:
    """A day ends at its midnight in Italy."""
    due = read_cells(scadenza=text).row.due_date

    assert due is not None
    assert (str(due), due.day) == (moment, day)
    assert type(due) is DueMoment


def test_many_due_dates_are_read() -> None:
    """Only the latest ones are kept."""
    lines = (
        f"{a_code(at)};2027-06-30T{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}Z"
        for at in range(5_000)
    )
    found = read_csv("cf;scadenza", *lines)

    assert [str(row.due_date)[11:19] for row in found.rows[::4_999]] == ["00:00:00", "01:23:19"]


def test_the_day_that_the_sender_wrote_is_kept() -> None:
    """A midnight of another zone does not show it."""
    due = read_cells(due_date="2027-06-30T00:00:00-05:00").row.due_date

    assert due is not None
    assert due.day == "2027-06-30"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("31/06/2027", "must be a day such as"),
        ("06/30/2027", "must be a day such as"),
        ("30-06-2027", "must be a day such as"),
        ("2027-6-30", "must be a day such as"),
        ("20270630", "must be a day such as"),
        ("30/06/27", "must be a day such as"),
        ("2027-06-30 10:00:00", "must be a day such as"),
        ("2027-06-30T25:00:00Z", "must be a day such as"),
        ("46203", "must be a day such as"),
        ("28/11/2026", "is past"),
        ("2099-12-31", "is more than five years ahead"),
    ],
)
def test_a_wrong_due_date_is_a_problem(text: str, rule: str) -> None:
    """The rules of form and time are those of payment notices."""
    problem = read_cells(scadenza=text).problem

    assert (problem.field, problem.code) == ("scadenza", "DUE_DATE")
    assert rule in problem.message


@pytest.mark.parametrize("text", ["sì", "SI", "true", "1", "VERO", "yes"])
def test_a_flag_is_a_word(text: str) -> None:
    """Spreadsheets in Italian write VERO."""
    row = read_cells(numero_avviso=NUMBER, importo="1", invalid_after_due_date=text).row

    assert payment_of(row).invalid_after_due_date


@pytest.mark.parametrize("text", ["no", "FALSO", "0", "false", "", " "])
def test_a_flag_may_be_off(text: str) -> None:
    """No word means no."""
    row = read_cells(numero_avviso=NUMBER, importo="1", invalid_after_due_date=text).row

    assert not payment_of(row).invalid_after_due_date


@pytest.mark.parametrize("text", ["boh", "?", "-1", "s", "2"])
def test_another_word_is_no_flag(text: str) -> None:
    """It could mean either."""
    problem = read_cells(invalid_after_due_date=text).problem

    assert (problem.code, problem.message) == ("FLAG", "must be true or false, si or no")


def test_a_row_tells_all_its_problems() -> None:
    """A sender corrects a row once; each problem has the row's own reference."""
    found = read_cells(
        fiscal_code="x",
        riferimento="P-1",
        numero_avviso="12",
        importo="1.234",
        scadenza="31/06/2027",
        payee_fiscal_code="01234567891",
        nome="NiccolÃ²",
    )

    assert {(one.field, one.code) for one in found.problems} == {
        ("fiscal_code", "FISCAL_CODE"),
        ("numero_avviso", "NOTICE_NUMBER"),
        ("importo", "AMBIGUOUS_AMOUNT"),
        ("scadenza", "DUE_DATE"),
        ("payee_fiscal_code", "PAYEE"),
        ("nome", "ENCODING"),
    }
    assert {one.reference for one in found.problems} == {"P-1"}
    assert (found.rows, found.report.wrong_rows) == ([], 1)


def test_a_problem_prints_no_personal_data() -> None:
    """It may be logged."""
    problem = RowProblem(2, 1, "cf", "FISCAL_CODE", "is wrong", "AAA", Reference("Rossi"))

    assert repr(problem) == "RowProblem(line=2, row=1, code='FISCAL_CODE')"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"about_kind": "boat", "about_label": "x"}, "about_kind"),
        ({"about_kind": "vehicle", "about_label": ""}, "about_label"),
        (
            {"About kind": "PERSON", "about_label": "Luca", "about_identifier": "AB123CD"},
            "about_identifier",
        ),
    ],
)
def test_a_row_says_whom_or_what_it_is_about(cells: dict[str, str], column: str) -> None:
    """A row with a wrong member is a problem, at its column."""
    problem = read_cells(**cells).problem

    assert problem is not None
    assert (problem.field, problem.code) == (column, "ABOUT")
